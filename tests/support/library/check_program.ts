/**
 * The tests of another project. `library_test.ts` copies them beside the
 * program, as `program_test.ts`.
 *
 * @module
 */
import { UserError } from "@premise/premise";
import { createTokenizer, TEXT_RULES } from "@premise/premise/text";
import { equal } from "node:assert/strict";
import { work } from "./program.ts";

const vocabulary = ["[UNK]", "[CLS]", "[SEP]", "dog"].join("\n");

Deno.test("a known word has its own token id", () => {
  const kind = "wordpiece";
  const options = { kind, lowerCase: true, rules: TEXT_RULES } as const;
  equal(createTokenizer(vocabulary, options).encode("Dog").join(), "3");
});

Deno.test("what is no vocabulary is refused with a code", () => {
  const kind = "words";
  const options = { kind, lowerCase: true, rules: TEXT_RULES } as const;
  try {
    createTokenizer(vocabulary, options);
  } catch (error) {
    equal(error instanceof UserError && error.code, "bad-vocabulary");
    return;
  }
  throw new Error("it was not refused");
});

Deno.test("training leaves nothing open that a test would notice", async () => {
  const { losses } = await work("tested");
  equal(losses.length, 1);
});
