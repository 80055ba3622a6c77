import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import {
  builtInEntries,
  type CatalogueEntry,
} from "../../../../lib/hub/catalogue/catalogue.ts";
import { resolveSource } from "../../../../lib/hub/catalogue/resolve.ts";
import { download } from "../../../../lib/hub/transfer/download.ts";
import { gzip, makeTar } from "../../../support/hub/make_tar.ts";
import { makeZip } from "../../../support/hub/make_zip.ts";
import { withCache } from "../../../support/with_folder.ts";

const labels = ["entailment", "contradiction", "neutral"];

function entryOf(name: string): CatalogueEntry {
  return builtInEntries.find((entry) => entry.name === name)!;
}

Deno.test("resolveSource finds a downloaded model by name, with its facts", async () => {
  await withCache(async (cache) => {
    const directory = await download(entryOf("bert.tiny"), { cache });
    assertEquals(
      await resolveSource("bert.tiny", { cache, kind: "model" }),
      {
        directory,
        name: "bert.tiny",
        facts: { heads: 4, dropout: 0.1, labels },
      },
    );
  });
});

Deno.test("resolveSource knows a downloaded model by its directory too", async () => {
  await withCache(async (cache) => {
    const directory = await download(entryOf("bert.tiny"), { cache });
    const found = await resolveSource(directory, { cache: "x", kind: "model" });
    assertEquals(found.name, "bert.tiny");
    assertEquals(found.facts?.heads, 4);
  });
});

Deno.test("resolveSource takes the facts of the catalogue that was used", async () => {
  await withCache(async (cache) => {
    const entry = {
      ...entryOf("bert.tiny"),
      name: "mine",
      facts: { heads: 2 },
    };
    await download(entry, { cache });
    const found = await resolveSource("mine", { cache, kind: "model" });
    assertEquals(found.facts, { heads: 2 });
  });
});

Deno.test("resolveSource passes other directories through", async () => {
  assertEquals(
    await resolveSource("fixtures/golden/hf", { cache: "x", kind: "model" }),
    { directory: "fixtures/golden/hf", name: "hf" },
  );
});

Deno.test("resolveSource extracts a zip into the cache, once", async () => {
  await withCache(async (cache) => {
    const value = "fixtures/snli_1.0.zip";
    const found = await resolveSource(value, { cache, kind: "dataset" });
    assertEquals(found.name, "snli_1.0");
    assertEquals(found.directory, join(cache, "snli_1.0-7b20e97b"));
    const path = join(found.directory, "snli_1.0_test.txt");
    const { ino } = await Deno.stat(path);
    await resolveSource(value, { cache, kind: "dataset" });
    assertEquals((await Deno.stat(path)).ino, ino);
  });
});

Deno.test("resolveSource extracts a downloaded directory that was zipped again", async () => {
  await withCache(async (cache) => {
    await Deno.mkdir(cache);
    const value = join(cache, "mine.zip");
    const stamp = { name: "m/.premise.json", content: "{}" };
    const vocab = { name: "m/vocab.json", content: "[]" };
    await Deno.writeFile(value, await makeZip([stamp, vocab]));
    const { directory } = await resolveSource(value, { cache, kind: "model" });
    const path = join(directory, "vocab.json");
    const { ino } = await Deno.stat(path);
    await resolveSource(value, { cache, kind: "model" });
    assertEquals((await Deno.stat(path)).ino, ino);
  });
});

Deno.test("resolveSource extracts a tar.gz archive into the cache", async () => {
  await withCache(async (cache) => {
    await Deno.mkdir(cache);
    const value = join(cache, "mine.tar.gz");
    const tar = await makeTar([{ name: "m/vocab.json", content: "[]" }]);
    await Deno.writeFile(value, await gzip(tar));
    const found = await resolveSource(value, { cache, kind: "model" });
    assertEquals(found.name, "mine");
    const vocab = await Deno.readTextFile(join(found.directory, "vocab.json"));
    assertEquals(vocab, "[]");
  });
});

Deno.test("resolveSource passes compressed data through: they are no archive", async () => {
  await withCache(async (cache) => {
    await Deno.mkdir(cache);
    const value = join(cache, "pairs.jsonl.gz");
    await Deno.writeFile(value, await gzip(new TextEncoder().encode("{}\n")));
    const found = await resolveSource(value, { cache, kind: "dataset" });
    assertEquals(found.directory, value);
  });
});

Deno.test("resolveSource knows a published zip by its digest", async () => {
  await withCache(async (cache) => {
    const found = await resolveSource("fixtures/bert.tiny.zip", {
      cache,
      kind: "model",
    });
    assertEquals(found.facts?.heads, 4);
  });
});

Deno.test("resolveSource passes a data file through, but no model file", async () => {
  const value = "fixtures/golden/mxnet/vocab.json";
  assertEquals(
    await resolveSource(value, { cache: "x", kind: "dataset" }),
    { directory: value, name: "vocab.json" },
  );
  const error = await assertRejects(
    () => resolveSource(value, { cache: "x", kind: "model" }),
    UserError,
  );
  assertEquals(error.code, "bad-input");
});

Deno.test("resolveSource names the command that brings a known name", async () => {
  const error = await assertRejects(
    () => resolveSource("bert.small", { cache: "no/cache", kind: "model" }),
    UserError,
  );
  assertEquals([error.code, error.exitCode], ["missing-input", 2]);
  assertStringIncludes(error.message, "no such directory or file");
  assertStringIncludes(error.message, 'in the cache "no/cache"');
  assertStringIncludes(error.hint, "deno task download --model bert.small");
});

Deno.test("resolveSource needs no download of what the program holds", async () => {
  await withCache(async (cache) => {
    const { directory, name } = await resolveSource("snli.sample", {
      cache,
      kind: "dataset",
    });
    assertEquals([directory, name], [join(cache, "snli.sample"), name]);
    await Deno.stat(join(directory, "snli_1.0_test.txt"));
  });
});

Deno.test("resolveSource lists the known names for an unknown one", async () => {
  const error = await assertRejects(
    () =>
      resolveSource("no/such", {
        cache: "x",
        kind: "dataset",
        hint: "or else",
      }),
    UserError,
  );
  assertStringIncludes(error.hint, "snli, snli.sample");
  assertStringIncludes(error.hint, "; or else");
});

Deno.test("resolveSource does not take a data set for a model", async () => {
  await withCache(async (cache) => {
    await download(entryOf("snli.sample"), { cache });
    const error = await assertRejects(
      () => resolveSource("snli.sample", { cache, kind: "model" }),
      UserError,
    );
    assertStringIncludes(error.message, "it is the dataset snli.sample");
  });
});

Deno.test("resolveSource notices that files of a download are missing", async () => {
  await withCache(async (cache) => {
    const directory = await download(entryOf("bert.tiny"), { cache });
    await Deno.remove(join(directory, "vocab.json"));
    const error = await assertRejects(
      () => resolveSource("bert.tiny", { cache, kind: "model" }),
      UserError,
    );
    assertStringIncludes(error.hint, "deno task download --model bert.tiny");
  });
});

for (const kind of ["dataset", "model"] as const) {
  Deno.test(`resolveSource asks for the nearest ${kind} in the folder of a missing one`, () =>
    withCache(async (cache) => {
      await Deno.mkdir(join(cache, "tickets"), { recursive: true });
      await assertRejects(
        () => resolveSource(join(cache, "ticket"), { cache, kind }),
        UserError,
        `; is "${join(cache, "tickets")}" meant?`,
      );
    }));
}
