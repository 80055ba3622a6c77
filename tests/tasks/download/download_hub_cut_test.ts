/** Downloads from the Hugging Face hub that end before their end. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { tinyModel } from "../../support/hub/hub_repositories.ts";
import { filesAsked, withHub } from "../../support/hub/with_hub.ts";
import { unixTest } from "../../support/require.ts";
import { spawnTask } from "../../support/tasks/run_task.ts";

const TINY = ["--model", "hf:someone/tiny"];
const tiny = await tinyModel();
const weights = tiny.files["model.safetensors"] as Uint8Array<ArrayBuffer>;

/** The first bytes of the weights, and then silence. */
function falteringAfter(sent: number, begun: () => void): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(weights.slice(0, sent));
      begun();
    },
  });
  return new Response(body, {
    headers: { "content-length": `${weights.length}` },
  });
}

Deno.test("a download from the hub that was killed goes on where it was", async () => {
  const begun = Promise.withResolvers<void>();
  let isFirst = true;
  await withHub([tiny], async ({ server, folder, run, snapshot }) => {
    const child = spawnTask("download", TINY, {
      cwd: folder,
      env: { HF_ENDPOINT: server.url, HF_HOME: join(folder, "home") },
    });
    await begun.promise;
    const part = join(
      folder,
      `.premise/cache/hub/models--someone--tiny/${
        server.commitOf(tiny.id)
      }.partial/model.safetensors.part`,
    );
    while ((await Deno.stat(part).catch(() => null))?.size !== 50_000) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill("SIGKILL");
    await child.output();
    isFirst = false;
    server.requests.length = 0;
    const { code, stderr } = await run("download", TINY);
    assertEquals(code, 0, stderr);
    assertEquals(filesAsked(server), ["model.safetensors"]);
    assert(server.requests.some(({ range }) => range === "bytes=50000-"));
    const kept = await Deno.readFile(
      join(folder, snapshot(tiny.id), "model.safetensors"),
    );
    assertEquals(kept, weights);
    // Nothing is left of what was unfinished.
    const rest = await Array.fromAsync(
      Deno.readDir(join(folder, ".premise/cache/hub/models--someone--tiny")),
      ({ name }) => name,
    );
    assertEquals(rest.sort(), ["refs", "snapshots"]);
  }, {
    intercept: ({ host }) =>
      isFirst && host === "cdn"
        ? falteringAfter(50_000, begun.resolve)
        : undefined,
  });
});

Deno.test("a download from the hub that was stopped says so, and goes on", async () => {
  const begun = Promise.withResolvers<void>();
  let isFirst = true;
  await withHub([tiny], async ({ server, folder, run }) => {
    const child = spawnTask("download", TINY, {
      cwd: folder,
      env: { HF_ENDPOINT: server.url, HF_HOME: join(folder, "home") },
    });
    await begun.promise;
    child.kill("SIGTERM");
    assertEquals((await child.output()).code, 143);
    isFirst = false;
    const { code, stderr } = await run("download", TINY);
    assertEquals(code, 0, stderr);
  }, {
    intercept: ({ host }) =>
      isFirst && host === "cdn"
        ? falteringAfter(50_000, begun.resolve)
        : undefined,
  });
});

Deno.test("a download from a hub that is gone names what was fetched before", async () => {
  await withHub([tiny], async ({ run }) => {
    assertEquals((await run("download", TINY)).code, 0);
    const gone = { HF_ENDPOINT: "http://127.0.0.1:1" };
    const { code, events } = await run("download", TINY, gone);
    assertEquals(code, 1);
    assertStringIncludes(`${events.at(-1)!.hint}`, "--offline takes what was");
    const offline = await run("download", [...TINY, "--offline"], gone);
    assertEquals(offline.code, 0, offline.stderr);
  });
});

unixTest(
  "a download from the hub needs no right to write where all is there",
  async () => {
    await withHub([tiny], async ({ folder, run }) => {
      assertEquals((await run("download", TINY)).code, 0);
      const repository = join(
        folder,
        ".premise/cache/hub/models--someone--tiny",
      );
      const before = await Deno.stat(join(repository, "snapshots"));
      assertEquals((await run("download", TINY)).code, 0);
      const after = await Deno.stat(join(repository, "snapshots"));
      // Not even a lock was made there.
      assertEquals(after.mtime, before.mtime);
    });
  },
);
