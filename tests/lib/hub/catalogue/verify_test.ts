import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { builtInEntries } from "../../../../lib/hub/catalogue/catalogue.ts";
import { resolveSource } from "../../../../lib/hub/catalogue/resolve.ts";
import { verifyCache } from "../../../../lib/hub/catalogue/verify.ts";
import { download } from "../../../../lib/hub/transfer/download.ts";

const tiny = builtInEntries.find(({ name }) => name === "bert.tiny")!;

/** Runs a test with a cache that has one sound entry. */
async function withCache(
  test: (cache: string) => Promise<void>,
): Promise<void> {
  const cache = await Deno.makeTempDir();
  try {
    await download(tiny, { cache });
    await test(cache);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

/** The one sentence that tells what is wrong. */
async function problem(cache: string): Promise<string> {
  const { problems } = await verifyCache(cache);
  assertEquals(problems.length, 1);
  return problems[0];
}

async function flipBit(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  bytes[bytes.length >> 1] ^= 1;
  await Deno.writeFile(path, bytes);
}

Deno.test("verifyCache counts the archives and files of a sound cache", async () => {
  await withCache(async (cache) => {
    await resolveSource("fixtures/snli_1.0.zip", { cache, kind: "dataset" });
    const seen: (number | null)[] = [];
    const report = await verifyCache(cache, {
      onProgress: ({ done, total }) => seen.push(done, total),
    });
    const archive = 2483362;
    const extracted = 2703648 + 345 + 5035206 + 580235;
    const bytes = archive + extracted;
    assertEquals(report, { files: 6, bytes, problems: [] });
    assertEquals(seen.slice(-2), [bytes, bytes]);
  });
});

Deno.test("verifyCache finds one bit that is another in an archive", async () => {
  await withCache(async (cache) => {
    const archive = join(cache, `archives/${tiny.sha1}-bert.tiny.zip`);
    await flipBit(archive);
    const said = await problem(cache);
    assertStringIncludes(said, `"${archive}" is damaged: its sha1 is`);
    assertStringIncludes(said, "the next download fetches it again");
  });
});

Deno.test("verifyCache finds one bit that is another in a file", async () => {
  await withCache(async (cache) => {
    await flipBit(join(cache, "bert.tiny/pretrained.params"));
    const said = await problem(cache);
    assertStringIncludes(said, "pretrained.params is damaged: its sha256 is");
    assertStringIncludes(said, "deno task download --model bert.tiny");
  });
});

Deno.test("verifyCache's advice mends what it found", async () => {
  await withCache(async (cache) => {
    await flipBit(join(cache, "bert.tiny/pretrained.params"));
    await Deno.remove(join(cache, "bert.tiny"), { recursive: true });
    await download(tiny, { cache });
    assertEquals((await verifyCache(cache)).problems, []);
  });
});

Deno.test("verifyCache tells all that is wrong with an entry", async () => {
  await withCache(async (cache) => {
    await Deno.remove(join(cache, "bert.tiny/vocab.json"));
    await Deno.truncate(join(cache, "bert.tiny/pretrained.params"), 7);
    const said = await problem(cache);
    assertStringIncludes(said, "vocab.json is missing");
    assertStringIncludes(said, "pretrained.params has 7 bytes, expected");
  });
});

Deno.test("verifyCache finds an entry without a stamp", async () => {
  await withCache(async (cache) => {
    await Deno.remove(join(cache, "bert.tiny/.premise.json"));
    assertStringIncludes(await problem(cache), "no readable .premise.json");
  });
});

Deno.test("verifyCache takes downloads that broke off for no damage", async () => {
  await withCache(async (cache) => {
    const archive = join(cache, "archives", `${"0".repeat(40)}-x.zip`);
    for (const ending of [".part", ".part.json", ".lock"]) {
      await Deno.writeTextFile(archive + ending, "x");
    }
    await Deno.mkdir(join(cache, "x.tmp"));
    assertEquals((await verifyCache(cache)).problems, []);
  });
});

Deno.test("verifyCache tells a cache that is not there", async () => {
  const error = await assertRejects(() => verifyCache("no/such"), UserError);
  assertEquals([error.code, error.exitCode], ["missing-input", 2]);
  assertStringIncludes(error.message, '"no/such"');
});

Deno.test("verifyCache leaves encoded data to the tasks that read them", async () => {
  await withCache(async (cache) => {
    await Deno.mkdir(join(cache, "tables/0123456789abcdef"), {
      recursive: true,
    });
    assertEquals((await verifyCache(cache)).problems, []);
  });
});
