import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import { readManifest } from "../../../lib/data/table/table_manifest.ts";
import {
  recipeDifferences,
  TEXT_RULES,
  type TextRecipe,
  unknownRules,
} from "../../../lib/text/recipe.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import { writeModelDir } from "../../../lib/weights/write_model_dir.ts";

const RECIPE: TextRecipe = {
  rules: 1,
  tokenizer: { kind: "words", lowerCase: true },
  maxLength: 16,
  truncation: "ratio",
  sentences: "pair",
};

/** Fields that are undefined, too. */
const show = (change: object) =>
  JSON.stringify(change, (_, value) => value === undefined ? null : value);

for (
  const [change, told] of [
    [{}, []],
    [{ sentences: undefined }, []],
    [{ rules: 2 }, [
      "its text follows version 2 of the text rules, not 1",
    ]],
    [{ tokenizer: { kind: "wordpiece", lowerCase: false } }, [
      'its tokenizer is of "wordpiece", not of "words"',
      "its text is not lower-cased",
    ]],
    [{ sentences: "single", truncation: "longest-first" }, [
      "its examples are single sentences, not pairs of sentences",
    ]],
    [{ maxLength: 9, truncation: "longest-first" }, [
      "its text has up to 9 tokens, not 16",
      'its pairs are cut by "longest-first", not by "ratio"',
    ]],
  ] as [Partial<TextRecipe>, string[]][]
) {
  Deno.test(`a recipe with ${show(change)} differs in ${told.length} ways`, () => {
    assertEquals(recipeDifferences({ ...RECIPE, ...change }, RECIPE), told);
  });
}

Deno.test("rules that are known, and none, are no problem", () => {
  for (const rules of [undefined, 1, TEXT_RULES]) {
    assertEquals(unknownRules(rules), undefined);
  }
});

for (const rules of [TEXT_RULES + 1, 1.5, "2", null]) {
  Deno.test(`rules of ${JSON.stringify(rules)} are named as unknown`, () => {
    assertMatch(unknownRules(rules)!, /follows version .* of the text rules/);
  });
}

const NEWER = new RegExp(
  `version ${TEXT_RULES + 1} of the text rules, and this program knows them ` +
    `up to version ${TEXT_RULES}`,
);

Deno.test("a table of newer rules is refused by name", async () => {
  const folder = await Deno.makeTempDir();
  const text = { ...RECIPE, rules: TEXT_RULES + 1, truncation: "by-magic" };
  await Deno.writeTextFile(
    join(folder, "table.json"),
    JSON.stringify({ format: "premise-table-2", text }),
  );
  const { message } = await assertRejects(
    () => readManifest(folder),
    UserError,
  );
  assertMatch(message, NEWER);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a model of newer rules is refused by name", async () => {
  const folder = await Deno.makeTempDir();
  const model = await openModelDir("fixtures/golden/mxnet", { heads: 4 });
  await writeModelDir(folder, model);
  const path = join(folder, "config.json");
  const config = JSON.parse(await Deno.readTextFile(path));
  config.text.rules = TEXT_RULES + 1;
  await Deno.writeTextFile(path, JSON.stringify(config));
  await Deno.remove(join(folder, "SHA256SUMS"));
  const { message } = await assertRejects(
    () => openModelDir(folder),
    UserError,
  );
  assertMatch(message, NEWER);
  await Deno.remove(folder, { recursive: true });
});
