import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import type { Table } from "../../../lib/data/table/table.ts";
import { checkReading } from "../../../lib/evaluate/check_reading.ts";
import type { TextRecipe } from "../../../lib/text/recipe.ts";

const RECIPE: TextRecipe = {
  rules: 1,
  tokenizer: { kind: "words", lowerCase: true },
  maxLength: 16,
  truncation: "ratio",
  sentences: "pair",
};

/** A table with examples of these lengths. */
function tableOf(...lengths: number[]): Table {
  let end = 0;
  const offsets = Int32Array.from([0, ...lengths.map((n) => end += n)]);
  return { path: "a/test.arrow", rows: lengths.length, offsets } as Table;
}

for (
  const [what, lengths, change] of [
    ["as the model reads", [16, 9], {}],
    ["shorter, and nothing was cut", [7, 9], { maxLength: 10 }],
    ["longer, and nothing would be cut", [16, 9], { maxLength: 128 }],
    ["in another way, and nothing was cut", [15, 9], {
      truncation: "longest-first",
    }],
  ] as [string, number[], Partial<TextRecipe>][]
) {
  Deno.test(`examples that were cut ${what} are read without a word`, () => {
    const made = { ...RECIPE, ...change };
    assertEquals(checkReading(tableOf(...lengths), made, RECIPE), []);
  });
}

Deno.test("examples that are longer than the model's are counted in a warning", () => {
  const made = { ...RECIPE, maxLength: 128 };
  const [{ code, message }] = checkReading(tableOf(17, 9, 80), made, RECIPE);
  assertEquals(code, "longer-text");
  assertMatch(message, /2 of the 3 examples .* longer than the 16 tokens/);
});

for (
  const [what, change, told] of [
    ["shorter", { maxLength: 10 }, /up to 10 tokens, not 16/],
    ["in another way", { truncation: "longest-first" }, /cut by "longest-fir/],
    ["in another way, and longer", {
      maxLength: 20,
      truncation: "longest-first-hf",
    }, /up to 20 tokens, not 16; its pairs are cut by "longest-first-hf"/],
  ] as [string, Partial<TextRecipe>, RegExp][]
) {
  Deno.test(`examples that were cut ${what} are refused`, () => {
    const made = { ...RECIPE, ...change };
    const table = tableOf(made.maxLength, 9);
    const { code, message } = assertThrows(
      () => checkReading(table, made, RECIPE),
      UserError,
    );
    assertEquals(code, "wrong-table");
    assertMatch(message, told);
  });
}

Deno.test("a model that does not know how its text was cut reads anything", () => {
  const unknown = { ...RECIPE, sentences: undefined };
  const made = { ...RECIPE, maxLength: 128 };
  assertEquals(checkReading(tableOf(128), made, unknown), []);
});
