import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join, resolve, toFileUrl } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { digestFile } from "../../../../lib/base/files/digest.ts";
import {
  builtInEntries,
  type CatalogueEntry,
} from "../../../../lib/hub/catalogue/catalogue.ts";
import { readStamp } from "../../../../lib/hub/catalogue/unpacked.ts";
import { download } from "../../../../lib/hub/transfer/download.ts";
import {
  brokenOff,
  serve,
  withRanges,
} from "../../../support/hub/file_server.ts";
import { gzip, makeTar } from "../../../support/hub/make_tar.ts";
import { makeZip } from "../../../support/hub/make_zip.ts";
import { withCache } from "../../../support/with_folder.ts";

const tiny = builtInEntries.find(({ name }) => name === "bert.tiny")!;
const sample = builtInEntries.find(({ name }) => name === "snli.sample")!;
/** SHA-256 of pretrained.params, as Python's zipfile reads it. */
const weights =
  "85653f172922a1b9f5f14d540c9cc1eb9463e87ac35d75f7ec68f79fdb574382";
const archive = await Deno.readFile("fixtures/bert.tiny.zip");

/** All files under a directory. */
function list(directory: string): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? list(join(directory, name)).map((path) => `${name}/${path}`)
      : [name]
  ).sort();
}

/** Downloads what must fail; nothing may be left. */
async function failure(
  entry: CatalogueEntry,
  hub?: string,
): Promise<UserError> {
  let error: UserError | undefined;
  await withCache(async (cache) => {
    error = await assertRejects(
      () => download(entry, { cache, ...(hub && { hub }), retryDelay: 1 }),
      UserError,
    );
    assertEquals(list(cache), []);
  });
  return error!;
}

Deno.test("download brings the fixtures without a network", async () => {
  await withCache(async (cache) => {
    assertEquals(await download(tiny, { cache }), join(cache, "bert.tiny"));
    await download(sample, { cache });
    assertEquals(list(cache), [
      `archives/${sample.sha1}-snli_1.0.zip`,
      `archives/${tiny.sha1}-bert.tiny.zip`,
      "bert.tiny/.premise.json",
      "bert.tiny/pretrained.params",
      "bert.tiny/vocab.json",
      "snli.sample/.premise.json",
      "snli.sample/README.txt",
      "snli.sample/snli_1.0_test.txt",
      "snli.sample/snli_1.0_train.txt",
    ]);
  });
});

Deno.test("download fetches from the hub by the last segment of the url", async () => {
  const paths: string[] = [];
  await using server = serve((request) => {
    paths.push(new URL(request.url).pathname);
    return new Response(archive);
  });
  await withCache(async (cache) => {
    await download(tiny, { cache, hub: `${server.url}/mirror/` });
    assertEquals(paths, ["/mirror/bert.tiny.zip"]);
  });
});

for (
  const [what, address] of [
    ["a path", resolve("fixtures/bert.tiny.zip")],
    ["a file URL", toFileUrl(resolve("fixtures/bert.tiny.zip")).href],
  ]
) {
  Deno.test(`download copies an archive from ${what}`, async () => {
    await withCache(async (cache) => {
      const directory = await download({ ...tiny, url: address }, { cache });
      assertEquals(
        await digestFile(join(directory, "pretrained.params"), "sha256"),
        weights,
      );
    });
  });
}

Deno.test("download doesn't fetch again what is there and whole", async () => {
  await using server = serve(() => new Response(archive));
  await withCache(async (cache) => {
    await download(tiny, { cache, hub: server.url });
    await Deno.remove(join(cache, "archives"), { recursive: true });
    await download(tiny, { cache, hub: server.url });
    assertEquals(server.ranges.length, 1);
  });
});

Deno.test("download extracts again, without fetching, if a file is missing", async () => {
  await using server = serve(() => new Response(archive));
  await withCache(async (cache) => {
    const directory = await download(tiny, { cache, hub: server.url });
    await Deno.remove(join(directory, "vocab.json"));
    await download(tiny, { cache, hub: server.url });
    assertEquals((await Deno.stat(join(directory, "vocab.json"))).size, 47144);
    assertEquals(server.ranges.length, 1);
  });
});

Deno.test("download fetches again if the cached archive is damaged", async () => {
  await using server = serve(() => new Response(archive));
  await withCache(async (cache) => {
    const directory = await download(tiny, { cache, hub: server.url });
    await Deno.remove(directory, { recursive: true });
    const path = join(cache, `archives/${tiny.sha1}-bert.tiny.zip`);
    await Deno.writeFile(path, archive.slice(0, -1));
    await download(tiny, { cache, hub: server.url });
    assertEquals(server.ranges.length, 2);
    assertEquals(await digestFile(path, "sha1"), tiny.sha1!);
  });
});

Deno.test("download replaces an entry whose digest has changed", async () => {
  await withCache(async (cache) => {
    await download({ ...sample, name: "bert.tiny" }, { cache });
    const directory = await download(tiny, { cache });
    assertEquals(list(directory), [
      ".premise.json",
      "pretrained.params",
      "vocab.json",
    ]);
  });
});

Deno.test("download takes the place of what a killed process left", async () => {
  await withCache(async (cache) => {
    await Deno.mkdir(join(cache, "bert.tiny.tmp/junk"), { recursive: true });
    await Deno.mkdir(join(cache, "bert.tiny"));
    await Deno.writeTextFile(join(cache, "bert.tiny/vocab.json"), "[");
    await download(tiny, { cache });
    assertEquals(
      (await Deno.stat(join(cache, "bert.tiny/vocab.json"))).size,
      47144,
    );
    await assertRejects(() => Deno.stat(join(cache, "bert.tiny.tmp")));
  });
});

Deno.test("download by two at a time fetches once", async () => {
  await using server = serve(() => new Response(archive));
  await withCache(async (cache) => {
    await Promise.all([
      download(tiny, { cache, hub: server.url }),
      download(tiny, { cache, hub: server.url }),
    ]);
    assertEquals(server.ranges.length, 1);
  });
});

Deno.test("download goes on after a broken connection, in a later run", async () => {
  await using server = serve((request, before) =>
    before === 0
      ? brokenOff(archive, 1_000_000, { etag: '"1"' })
      : withRanges(request, archive, '"1"')
  );
  await withCache(async (cache) => {
    const options = { cache, hub: server.url, tries: 1 };
    await assertRejects(() => download(tiny, options), UserError);
    await download(tiny, options);
    assertEquals(server.ranges, [null, "bytes=1000000-"]);
  });
});

Deno.test("download refuses another digest, and shows both", async () => {
  const wrong = "1".repeat(40);
  const error = await failure({ ...tiny, sha1: wrong });
  assertEquals([error.code, error.exitCode], ["bad-digest", 1]);
  assertStringIncludes(error.message, tiny.sha1!);
  assertStringIncludes(error.message, wrong);
});

Deno.test("download refuses another SHA-256 where the catalogue has one", async () => {
  const error = await failure({ ...tiny, sha256: "2".repeat(64) });
  assertEquals(error.code, "bad-digest");
  assertStringIncludes(
    error.message,
    "654e4684aafbf9f1121e34b2377b56c2f1e80dd3b2107d9989d99db340911a97",
  );
});

Deno.test("download refuses another size where the catalogue has one", async () => {
  const error = await failure({ ...tiny, bytes: 5 });
  assertStringIncludes(error.message, "2483362 bytes, expected 5");
});

Deno.test("download keeps nothing of a web page", async () => {
  await using server = serve(() =>
    new Response("<html>", { headers: { "content-type": "text/html" } })
  );
  const error = await failure(tiny, server.url);
  assertEquals([error.code, error.exitCode], ["download-failed", 1]);
  assertStringIncludes(error.message, `${server.url}/bert.tiny.zip`);
});

Deno.test("download keeps nothing of a body that ends too soon", async () => {
  await using server = serve(() => brokenOff(archive, 1000));
  assertEquals((await failure(tiny, server.url)).code, "download-failed");
});

Deno.test("download keeps nothing if the server has no such file", async () => {
  await using server = serve(() => new Response("", { status: 404 }));
  const error = await failure(tiny, server.url);
  assertStringIncludes(error.message, "404 Not Found");
});

Deno.test("download keeps nothing if a path leads nowhere", async () => {
  const error = await failure(tiny, "no/such/folder");
  assertStringIncludes(error.message, "no/such/folder/bert.tiny.zip");
});

Deno.test("download keeps nothing of an archive that is refused", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "x.zip");
    await Deno.writeFile(path, await makeZip([{ name: "../x" }]));
    const sha1 = await digestFile(path, "sha1");
    const error = await failure({ ...tiny, url: path, sha1, bytes: null });
    assertEquals(error.code, "bad-archive");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("download tells a cache that can't be written", async () => {
  const error = await assertRejects(
    () => download(tiny, { cache: "deno.json/cache" }),
    UserError,
  );
  assertEquals(error.code, "cannot-write");
  assertStringIncludes(error.message, '"deno.json/cache"');
});

Deno.test("download starts over if the parts are of two files with one tag", async () => {
  await using server = serve((request, before) =>
    before === 0
      ? brokenOff(new Uint8Array(archive.length), 1_000_000, { etag: '"1"' })
      : withRanges(request, archive, '"1"')
  );
  await withCache(async (cache) => {
    await download(tiny, { cache, hub: server.url, retryDelay: 1 });
    assertEquals(server.ranges, [null, "bytes=1000000-", null]);
  });
});

Deno.test("download of one archive under two names fetches it once", async () => {
  await using server = serve(() => new Response(archive));
  await withCache(async (cache) => {
    const options = { cache, hub: server.url };
    await Promise.all([
      download(tiny, options),
      download({ ...tiny, name: "other" }, options),
    ]);
    assertEquals(server.ranges.length, 1);
  });
});

Deno.test("download takes over what the catalogue tells anew", async () => {
  await using server = serve(() => new Response(archive));
  await withCache(async (cache) => {
    const options = { cache, hub: server.url };
    await download(tiny, options);
    const directory = await download({ ...tiny, facts: { heads: 2 } }, options);
    assertEquals((await readStamp(directory))?.entry?.facts, { heads: 2 });
    assertEquals(server.ranges.length, 1);
  });
});

Deno.test("download brings a tar.gz archive", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const tar = await makeTar([{ name: "m/vocab.json", content: "[]" }]);
    const url = join(folder, "m.tar.gz");
    await Deno.writeFile(url, await gzip(tar));
    const sha1 = await digestFile(url, "sha1");
    const entry = { ...tiny, url, sha1, bytes: null };
    const directory = await download(entry, { cache: join(folder, "cache") });
    const vocab = await Deno.readTextFile(join(directory, "vocab.json"));
    assertEquals(vocab, "[]");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("download keeps off the network if offline", async () => {
  await using server = serve(() => new Response(archive));
  await withCache(async (cache) => {
    const options = { cache, hub: server.url, offline: true };
    const error = await assertRejects(() => download(tiny, options), UserError);
    assertEquals([error.code, error.exitCode], ["not-cached", 1]);
    assertStringIncludes(error.message, "--offline keeps off the network");
    assertEquals(server.ranges, []);
  });
});

Deno.test("download needs no network for what is in the cache", async () => {
  await using server = serve(() => new Response(archive));
  await withCache(async (cache) => {
    const directory = await download(tiny, { cache, hub: server.url });
    await Deno.remove(directory, { recursive: true });
    await download(tiny, { cache, hub: server.url, offline: true });
    assertEquals((await Deno.stat(join(directory, "vocab.json"))).size, 47144);
  });
});
