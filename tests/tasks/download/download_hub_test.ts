/** Models of the Hugging Face hub, fetched by the real task. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { TINY_FILES, tinyModel } from "../../support/hub/hub_repositories.ts";
import { filesAsked, withHub } from "../../support/hub/with_hub.ts";
import type { Ended } from "../../support/tasks/run_task.ts";

const TINY = ["--model", "hf:someone/tiny"];
const tiny = await tinyModel();

/** The error that a task ended with. */
function errorOf({ code, events, stderr }: Ended): Record<string, unknown> {
  const { event, ...error } = events.at(-1) ?? {};
  assertEquals(event, "error", stderr);
  return { ...error, exit: code };
}

function assertDone({ code, stderr }: Ended): void {
  assertEquals(code, 0, stderr);
}

Deno.test("download fetches of a model of the hub what is needed and no more", async () => {
  await withHub([tiny], async ({ server, folder, run, snapshot }) => {
    const ended = await run("download", TINY);
    assertDone(ended);
    assertEquals(filesAsked(server).sort(), TINY_FILES);
    for (const name of TINY_FILES) {
      assertEquals(
        await Deno.readFile(join(folder, snapshot(tiny.id), name)),
        tiny.files[name],
      );
    }
    const commit = server.commitOf(tiny.id);
    const { licences, pinned, files } = ended.events.at(-1)!;
    assertEquals({ licences, pinned, files }, {
      licences: { "hf:someone/tiny": "apache-2.0" },
      pinned: { "hf:someone/tiny": `hf:someone/tiny@${commit}` },
      files: [snapshot(tiny.id)],
    });
  });
});

Deno.test("download fetches no file of the hub twice", async () => {
  await withHub([tiny], async ({ server, run }) => {
    assertDone(await run("download", TINY));
    server.requests.length = 0;
    assertDone(await run("download", TINY));
    assertEquals(
      server.requests.map(({ path }) => path),
      ["/api/models/someone/tiny/revision/main?blobs=true"],
    );
  });
});

Deno.test("download asks nobody for a commit of the hub that is there", async () => {
  await withHub([tiny], async ({ server, run }) => {
    assertDone(await run("download", TINY));
    server.requests.length = 0;
    const commit = server.commitOf(tiny.id);
    assertDone(await run("download", ["--model", `${TINY[1]}@${commit}`]));
    assertEquals(server.requests, []);
  });
});

Deno.test("download keeps the commits of a repository apart", async () => {
  const branches = { "v1/old": { ...tiny.files, "vocab.txt": "older" } };
  await withHub([{ ...tiny, branches }], async ({ folder, run, snapshot }) => {
    assertDone(await run("download", TINY));
    assertDone(await run("download", ["--model", `${TINY[1]}@v1/old`]));
    const texts = ["main", "v1/old"].map((branch) =>
      Deno.readTextFileSync(
        join(folder, snapshot(tiny.id, branch), "vocab.txt"),
      )
    );
    assertEquals(texts[1], "older");
    assert(texts[0] !== "older");
  });
});

Deno.test("download follows a repository of the hub to its new name", async () => {
  await withHub([{ ...tiny, formerly: ["tiny"] }], async ({ run }) => {
    const { events, code } = await run("download", ["--model", "hf:tiny"]);
    assertEquals(code, 0);
    assertStringIncludes(`${events.at(-1)!.files}`, "models--tiny");
  });
});

Deno.test("download goes on with a file of the hub that was cut off", async () => {
  const weights = tiny.files["model.safetensors"] as Uint8Array<ArrayBuffer>;
  await withHub([tiny], async ({ server, folder, run, snapshot }) => {
    assertDone(await run("download", TINY));
    assertEquals(
      server.requests.filter(({ host }) => host === "cdn")
        .map(({ range }) => range),
      [null, "bytes=100000-"],
    );
    assertEquals(
      await Deno.readFile(join(folder, snapshot(tiny.id), "model.safetensors")),
      weights,
    );
  }, {
    intercept: ({ host }, before) => {
      if (host === "hub" || before.some((it) => it.host === "cdn")) return;
      return cutOff(weights, 100_000);
    },
  });
});

/** All is promised, and less comes. */
function cutOff(bytes: Uint8Array<ArrayBuffer>, sent: number): Response {
  return new Response(
    ReadableStream.from([bytes.slice(0, sent)]),
    { headers: { "content-length": `${bytes.length}` } },
  );
}

Deno.test("download goes on in another process with what one has fetched of the hub", async () => {
  const weights = tiny.files["model.safetensors"] as Uint8Array<ArrayBuffer>;
  let isCut = true;
  await withHub([tiny], async ({ server, run }) => {
    const failed = errorOf(await run("download", TINY));
    assertEquals([failed.code, failed.exit], ["download-failed", 1]);
    isCut = false;
    server.requests.length = 0;
    assertDone(await run("download", TINY));
    // What was whole is not asked for again.
    assertEquals(filesAsked(server), ["model.safetensors"]);
    assertEquals(
      server.requests.filter(({ host }) => host === "cdn")
        .map(({ range }) => range),
      ["bytes=100000-"],
    );
  }, {
    intercept: ({ host, range }) => {
      if (host === "hub" || !isCut) return;
      return range === null
        ? cutOff(weights, 100_000)
        : new Response("", { status: 404 });
    },
  });
});

Deno.test("download checks files of the hub against the digests that it lists", async () => {
  for (const path of ["vocab.txt", "model.safetensors"]) {
    const large = path === "model.safetensors";
    await withHub([tiny], async ({ folder, run, snapshot }) => {
      const error = errorOf(await run("download", TINY));
      assertEquals([error.code, error.exit], ["bad-digest", 1]);
      assertStringIncludes(
        `${error.message}`,
        `${path}: its ${large ? "sha256" : "git-sha1"} is `,
      );
      const files = await Array.fromAsync(
        Deno.readDir(join(folder, snapshot(tiny.id))),
        ({ name }) => name,
      );
      assertEquals(files.includes(path), false);
    }, {
      intercept: ({ host, path: asked }) => {
        const isIt = large ? host === "cdn" : asked.endsWith(`/${path}`);
        if (!isIt || asked.includes("/resolve/")) return;
        const bytes = new Uint8Array(tiny.files[path] as Uint8Array);
        bytes[100] ^= 1;
        return new Response(bytes);
      },
    });
  }
});

Deno.test("download takes the digests of a hub whose listing has none from its headers", async () => {
  await withHub([tiny], async ({ run }) => {
    assertDone(await run("download", TINY));
  }, { plainListings: true });
});

Deno.test("download refuses a file of the hub whose digest nobody tells", async () => {
  await withHub([tiny], async ({ run }) => {
    const error = errorOf(await run("download", TINY));
    assertStringIncludes(`${error.message}`, "the hub tells no digest of it");
  }, {
    plainListings: true,
    intercept: ({ path }) =>
      path.includes("/resolve/") ? new Response("{}") : undefined,
  });
});

Deno.test("download refuses a file that the hub says is of another commit", async () => {
  await withHub([tiny], async ({ run }) => {
    const error = errorOf(await run("download", TINY));
    assertStringIncludes(`${error.message}`, "config.json: it is of commit 00");
  }, {
    intercept: ({ path }) =>
      path.includes("/resolve/")
        ? new Response("{}", {
          headers: { "x-repo-commit": "0".repeat(40) },
        })
        : undefined,
  });
});

Deno.test("download tries a busy hub again, and waits as it asks", async () => {
  await withHub([tiny], async ({ run }) => {
    const begun = performance.now();
    assertDone(await run("download", TINY));
    assert(performance.now() - begun > 2000);
  }, {
    intercept: (_, before) => {
      if (before.length > 1) return;
      return new Response(
        "",
        before.length === 0
          ? { status: 503 }
          : { status: 429, headers: { "retry-after": "2" } },
      );
    },
  });
});

Deno.test("download asks the hub anew where the address of a file has expired", async () => {
  await withHub([tiny], async ({ run }) => {
    assertDone(await run("download", TINY));
  }, {
    intercept: ({ host }, before) =>
      host === "hub" || before.some((it) => it.host === "cdn")
        ? undefined
        : new Response("", { status: 403 }),
  });
});

Deno.test("download fetches from the hub of --hub", async () => {
  await withHub([tiny], async ({ server, run }) => {
    const nowhere = { HF_ENDPOINT: "http://127.0.0.1:1" };
    assertDone(await run("download", [...TINY, "--hub", server.url], nowhere));
  });
});

Deno.test("download takes files that the hub's own programs have fetched", async () => {
  await withHub([tiny], async ({ server, folder, run }) => {
    const commit = server.commitOf(tiny.id);
    const other = `home/hub/models--someone--tiny/snapshots/${commit}`;
    await Deno.mkdir(join(folder, other), { recursive: true });
    for (const name of ["model.safetensors", "vocab.txt"]) {
      await Deno.writeFile(
        join(folder, other, name),
        tiny.files[name] as Uint8Array,
      );
    }
    // Of another content, so it is not taken.
    await Deno.writeTextFile(join(folder, other, "config.json"), "{}");
    assertDone(await run("download", TINY));
    assertEquals(filesAsked(server).sort(), [
      "config.json",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
  });
});

Deno.test("two downloads of one model of the hub at the same time share the work", async () => {
  await withHub([tiny], async ({ server, run }) => {
    const both = await Promise.all([
      run("download", TINY),
      run("download", TINY),
    ]);
    both.forEach(assertDone);
    assertEquals(filesAsked(server).sort(), TINY_FILES);
  });
});

Deno.test("download --verify holds files of the hub against their digests", async () => {
  await withHub([tiny], async ({ folder, run, snapshot }) => {
    assertDone(await run("download", TINY));
    const sound = await run("download", ["--verify"]);
    assertEquals(sound.events.at(-1)!.verifiedFiles, TINY_FILES.length);
    const file = join(folder, snapshot(tiny.id), "model.safetensors");
    const bytes = await Deno.readFile(file);
    bytes[5000] ^= 1;
    await Deno.writeFile(file, bytes);
    const error = errorOf(await run("download", ["--verify"]));
    assertEquals(error.code, "damaged-cache");
    assertStringIncludes(
      `${error.message}`,
      "then deno task download --model hf:someone/tiny@",
    );
  });
});
