import {
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import {
  builtInEntries,
  fileNameOf,
  findEntry,
  loadCatalogue,
} from "../../../../lib/hub/catalogue/catalogue.ts";

const entry = {
  name: "mine",
  kind: "model",
  url: "sub/mine.zip",
  sha1: "0".repeat(40),
  licence: "MIT",
  format: "d2l-mxnet",
  facts: { heads: 2 },
};

async function withFile(
  text: string,
  test: (file: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "catalogue.json");
    await Deno.writeTextFile(file, text);
    await test(file, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refusal(text: string): Promise<UserError> {
  let error: UserError | undefined;
  await withFile(text, async (file) => {
    error = await assertRejects(() => loadCatalogue(file), UserError);
    assertEquals(error.code, "bad-catalogue");
  });
  return error!;
}

Deno.test("the built-in catalogue has the book's digests", () => {
  assertEquals(
    builtInEntries.map(({ name, sha1 }) => [name, sha1]).slice(0, 5),
    [
      ["bert.small", "a4e718a47137ccd1809c9107ab4f5edd317bae2c"],
      ["bert.base", "7b3820b35da691042e5d34c0971ac3edbd80d3f4"],
      ["bert.small.torch", "c72329e68a732bef0452e4b96a1c341c8910f81f"],
      ["bert.base.torch", "225d66f04cae318b841a13d32af3acc165f253ac"],
      ["snli", "9fcde07509c7e87ec61c640c1b2753d9041758e4"],
    ],
  );
});

Deno.test("loadCatalogue adds a file's entries, with paths from its folder", async () => {
  const text = JSON.stringify({ entries: [entry] });
  await withFile(text, async (file, folder) => {
    const catalogue = await loadCatalogue(file);
    assertEquals(catalogue.size, builtInEntries.length + 1);
    assertEquals(catalogue.get("mine")?.url, join(folder, "sub/mine.zip"));
    assertEquals(catalogue.get("mine")?.facts, { heads: 2 });
  });
});

Deno.test("loadCatalogue lets a file's entry replace the built-in one", async () => {
  const text = JSON.stringify({
    entries: [{ ...entry, name: "bert.small", url: "http://127.0.0.1/b.zip" }],
  });
  await withFile(text, async (file) => {
    const catalogue = await loadCatalogue(file);
    assertEquals(catalogue.size, builtInEntries.length);
    assertEquals(catalogue.get("bert.small")?.url, "http://127.0.0.1/b.zip");
  });
});

Deno.test("loadCatalogue tells all that is wrong with a file", async () => {
  const error = await refusal(JSON.stringify({
    entries: [
      { ...entry, sha1: "abc" },
      { ...entry, name: "../x" },
      { ...entry, sha1: null },
      { ...entry, colour: "red" },
      { ...entry, name: "Archives" },
      { ...entry, name: "bert.small.lock" },
    ],
  }));
  assertStringIncludes(error.message, "6 problems");
  assertStringIncludes(error.message, "entries.0.sha1: expected 40");
  assertStringIncludes(error.message, "entries.1.name: expected letters");
  assertStringIncludes(error.message, "entries.2: needs a sha1 or a sha256");
  assertStringIncludes(error.message, "colour");
  assertStringIncludes(error.message, "entries.4.name: this name is taken");
  assertStringIncludes(error.message, "entries.5.name: this name is taken");
});

Deno.test("loadCatalogue refuses a file that is no JSON", async () => {
  assertStringIncludes((await refusal("{")).hint, '{"entries": [...]}');
});

Deno.test("loadCatalogue refuses a file that is not there", async () => {
  const error = await assertRejects(() => loadCatalogue("no/such"), UserError);
  assertStringIncludes(error.message, '"no/such"');
});

Deno.test("findEntry names what there is when a name is unknown", async () => {
  const catalogue = await loadCatalogue();
  const error = assertThrows(
    () => findEntry(catalogue, "bert.huge", { kind: "model" }),
    UserError,
  );
  assertStringIncludes(error.message, '"bert.huge"');
  assertStringIncludes(error.hint, "bert.small, bert.base");
});

Deno.test("findEntry tells a data set from a model", async () => {
  const catalogue = await loadCatalogue();
  assertThrows(
    () => findEntry(catalogue, "snli", { kind: "model" }),
    UserError,
    "the catalogue has it as a dataset",
  );
});

Deno.test("fileNameOf takes the last segment of any address", () => {
  const nameOf = (url: string) => fileNameOf({ ...builtInEntries[0], url });
  assertEquals(nameOf("https://example.org/a/b.zip?x=/y#z"), "b.zip");
  assertEquals(nameOf("fixture:b.zip"), "b.zip");
  assertEquals(nameOf("/a/b.zip"), "b.zip");
});

Deno.test("the built-in models of the hub claim no digest that nobody has seen", () => {
  const models = builtInEntries.filter(({ url }) => url.startsWith("hf:"));
  assertEquals(models.length, 14);
  for (const { kind, name, url, sha1, sha256, bytes } of models) {
    assertEquals([kind, sha1, sha256, bytes], ["model", null, null, null]);
    assertEquals(url.endsWith(`/${name}`), true, url);
  }
});

Deno.test("findEntry makes the entry of a repository of the hub", () => {
  const { name, kind, url } = findEntry(new Map(), "hf:a/b@v1", {
    kind: "model",
  });
  assertEquals({ name, kind, url }, {
    name: "hf:a/b@v1",
    kind: "model",
    url: "hf:a/b@v1",
  });
});

Deno.test("loadCatalogue takes repositories of the hub without a digest alone", async () => {
  const ofHub = { ...entry, url: "hf:a/b@v1", sha1: undefined };
  await withFile(JSON.stringify({ entries: [ofHub] }), async (file) => {
    assertEquals((await loadCatalogue(file)).get("mine")?.url, "hf:a/b@v1");
  });
  const summed = { entries: [{ ...ofHub, sha1: "0".repeat(40) }] };
  assertStringIncludes(
    (await refusal(JSON.stringify(summed))).message,
    "a repository of the hub has neither digest nor size",
  );
  const odd = { entries: [{ ...ofHub, url: "hf:a/b/c" }] };
  assertStringIncludes(
    (await refusal(JSON.stringify(odd))).message,
    "its url is no repository's name",
  );
});
