/** Where a token of the Hugging Face hub comes from, and whom it reaches. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { tinyModel } from "../../support/hub/hub_repositories.ts";
import { withHub } from "../../support/hub/with_hub.ts";

const TOKEN = "hf_aSecret";
const tiny = await tinyModel();

/** Where a token may come from, and whether it is the hub's. */
const PLACES: Record<
  string,
  (folder: string) => Promise<Record<string, string>>
> = {
  "HF_TOKEN": () => Promise.resolve({ HF_TOKEN: TOKEN }),
  "the older HUGGING_FACE_HUB_TOKEN": () =>
    Promise.resolve({ HUGGING_FACE_HUB_TOKEN: TOKEN }),
  "the file of HF_TOKEN_PATH": async (folder) => {
    const path = join(folder, "my token");
    await Deno.writeTextFile(path, `${TOKEN}\r\n`);
    return { HF_TOKEN_PATH: path };
  },
  "the file in HF_HOME": async (folder) => {
    await Deno.mkdir(join(folder, "home"));
    await Deno.writeTextFile(join(folder, "home/token"), `${TOKEN}\n`);
    return {};
  },
  "the file in the user's own folder": async (folder) => {
    const home = join(folder, ".cache/huggingface");
    await Deno.mkdir(home, { recursive: true });
    await Deno.writeTextFile(join(home, "token"), TOKEN);
    return { HF_HOME: "", XDG_CACHE_HOME: "", HOME: folder };
  },
};

for (const [place, envOf] of Object.entries(PLACES)) {
  Deno.test(`the token of ${place} reaches the hub and nobody else`, async () => {
    const gated = { ...tiny, gated: true, private: true };
    await withHub([gated], async ({ server, folder, run, snapshot }) => {
      const env = await envOf(folder);
      const args = ["--model", "hf:someone/tiny", "--log", "log.jsonl"];
      const { code, events, stderr } = await run("download", args, env);
      assertEquals(code, 0, stderr);
      const sent = Map.groupBy(server.requests, ({ host }) => host);
      const tokens = (host: "hub" | "cdn") =>
        new Set(sent.get(host)?.map(({ authorization }) => authorization));
      assertEquals(tokens("hub"), new Set([`Bearer ${TOKEN}`]));
      assertEquals(tokens("cdn"), new Set([null]));
      const stamp = join(folder, snapshot(tiny.id), ".premise.json");
      const told = JSON.stringify(events) + stderr +
        await Deno.readTextFile(join(folder, "log.jsonl")) +
        await Deno.readTextFile(stamp);
      assert(!told.includes(TOKEN));
    }, { token: TOKEN });
  });
}

Deno.test("the token is kept back where HF_HUB_DISABLE_IMPLICIT_TOKEN says so", async () => {
  await withHub([tiny], async ({ server, run }) => {
    const env = { HF_TOKEN: TOKEN, HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" };
    await run("download", ["--model", "hf:someone/tiny"], env);
    assert(server.requests.length > 0);
    assert(
      server.requests.every(({ authorization }) => authorization === null),
    );
  }, { token: TOKEN });
});

Deno.test("a password in the hub's address is told nowhere", async () => {
  await withHub([], async ({ server, run }) => {
    const env = { HF_ENDPOINT: server.url.replace("//", "//me:pa55word@") };
    const { code, events, stderr } = await run(
      "download",
      ["--model", "hf:someone/tiny"],
      env,
    );
    assertEquals(code, 1);
    assert(!(JSON.stringify(events) + stderr).includes("pa55word"));
  });
});

Deno.test("the token does not follow the hub's own redirect to another port", async () => {
  await using other = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    ({ headers }) => {
      stolen.push(headers.get("authorization"));
      return new Response("", { status: 404 });
    },
  );
  const stolen: (string | null)[] = [];
  await withHub([tiny], async ({ run }) => {
    const env = { HF_TOKEN: TOKEN };
    const { code } = await run("download", ["--model", "hf:someone/tiny"], env);
    assertEquals([code, stolen], [1, [null]]);
  }, {
    token: TOKEN,
    intercept: () =>
      new Response(null, {
        status: 307,
        headers: { location: `http://127.0.0.1:${other.addr.port}/api` },
      }),
  });
});
