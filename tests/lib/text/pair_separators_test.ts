import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import { encodePair } from "../../../lib/text/pair.ts";
import { createWords } from "../../../lib/text/whitespace.ts";

const words = createWords(
  '["<unk>", "<pad>", "<mask>", "<cls>", "<sep>", "a", "b", "c"]',
  { lowerCase: true },
);
/** With two separators between sentences, as RoBERTa has them. */
const doubled = { ...words, separators: 2 } as const;

Deno.test("two separators stand between the sentences of a tokenizer that has two", () => {
  const options = { maxLength: 8, truncation: "longest-first" } as const;
  assertEquals(encodePair(doubled, "a b c", "c", options), {
    tokenIds: [3, 5, 6, 7, 4, 4, 7, 4],
    second: 6,
  });
});

Deno.test("two separators take the room of one word more", () => {
  const options = { maxLength: 8, truncation: "longest-first-hf" } as const;
  assertEquals(encodePair(doubled, "a b c a b c", "c b a", options), {
    tokenIds: [3, 5, 6, 4, 4, 7, 6, 4],
    second: 5,
  });
});

Deno.test("a single sentence has one separator, whatever pairs have", () => {
  const options = { maxLength: 8, truncation: "longest-first" } as const;
  assertEquals(encodePair(doubled, "a b", null, options), {
    tokenIds: [3, 5, 6, 4],
    second: 4,
  });
});

Deno.test("a length that the special tokens of a pair do not have is refused", () => {
  const options = { maxLength: 3, truncation: "ratio" } as const;
  assertThrows(
    () => encodePair(doubled, "a", "b", options),
    UserError,
    "no room for the 4 special ones",
  );
});
