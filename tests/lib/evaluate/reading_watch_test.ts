import { assertEquals } from "@std/assert";
import { ReadingWatch } from "../../../lib/evaluate/reading_watch.ts";
import type { WarningEvent } from "../../../lib/events/events.ts";
import type { TextRecipe } from "../../../lib/text/recipe.ts";
import { createWords } from "../../../lib/text/whitespace.ts";

const VOCABULARY = '["<unk>", "<cls>", "<sep>", "a"]';

const TEXT: TextRecipe = {
  rules: 1,
  tokenizer: { kind: "words", lowerCase: true },
  maxLength: 128,
  truncation: "ratio",
};

/** What is told of a text that was cut. */
function tellCut(
  { positions, asTrained }: { positions: number; asTrained: boolean },
): Pick<WarningEvent, "message" | "hint"> {
  const told: WarningEvent[] = [];
  const pair = { premise: "a", hypothesis: "a" };
  const watch = new ReadingWatch({
    tokenizer: createWords(VOCABULARY, { lowerCase: true }),
    config: { text: TEXT, positions, firstPosition: 2 },
    asTrained,
    onWarning: (warning) => told.push(warning),
  });
  watch.classifying.onCut!(pair);
  watch.add([pair, pair]);
  watch.end();
  const [{ message, hint }] = told;
  return { message, hint };
}

Deno.test("a text cut as in training is told so, and nothing is advised", () => {
  assertEquals(tellCut({ positions: 514, asTrained: true }), {
    message:
      "1 of 2 texts were cut at 128 tokens, as those that the model learned from",
    hint: "what is beyond them has no part in the answer",
  });
});

Deno.test("a text cut for a model of unknown training is told with the most that it takes", () => {
  assertEquals(tellCut({ positions: 514, asTrained: false }), {
    message: "1 of 2 texts were cut at 128 tokens",
    hint: "what is beyond them has no part in the answer; " +
      "--max-len reads more, 512 at most",
  });
});

Deno.test("a text cut at all that a model takes is told without --max-len", () => {
  assertEquals(
    tellCut({ positions: 130, asTrained: false }).hint,
    "what is beyond them has no part in the answer; the model takes no more",
  );
});
