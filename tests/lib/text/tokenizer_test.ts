import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import { openTokenizer } from "../../../lib/text/open_tokenizer.ts";
import { TEXT_RULES } from "../../../lib/text/recipe.ts";

Deno.test("a vocab.json opens as words", async () => {
  const tokenizer = await openTokenizer(
    "fixtures/golden/mxnet/vocab.json",
    { kind: "words", lowerCase: true, rules: TEXT_RULES },
  );
  assertEquals([tokenizer.kind, tokenizer.cls, tokenizer.sep], ["words", 3, 4]);
});

Deno.test("a vocab.txt opens as word pieces", async () => {
  const tokenizer = await openTokenizer(
    "fixtures/golden/hf/vocab.txt",
    { kind: "wordpiece", lowerCase: true, rules: TEXT_RULES },
  );
  assertEquals(tokenizer.kind, "wordpiece");
});

Deno.test("a vocabulary of another tokenizer is refused by its path", async () => {
  const error = await assertRejects(
    () =>
      openTokenizer("fixtures/golden/hf/vocab.txt", {
        kind: "words",
        lowerCase: true,
        rules: TEXT_RULES,
      }),
    UserError,
    "fixtures/golden/hf/vocab.txt",
  );
  assertEquals(error.code, "bad-vocabulary");
});

Deno.test("a missing vocabulary is named", async () => {
  await assertRejects(
    () =>
      openTokenizer("nowhere/vocab.json", {
        kind: "words",
        lowerCase: true,
        rules: TEXT_RULES,
      }),
    UserError,
    'Cannot read the vocabulary "nowhere/vocab.json"',
  );
});
