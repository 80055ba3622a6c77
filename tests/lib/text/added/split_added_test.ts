import { assertEquals } from "@std/assert";
import type { AddedToken } from "../../../../lib/text/added/added_token.ts";
import { createAddedSplitter } from "../../../../lib/text/added/split_added.ts";

/** A text in its parts: those between tokens as they are, tokens as `[id]`. */
function partsOf(
  text: string,
  tokens: (Partial<AddedToken> & { content: string })[],
): string[] {
  const split = createAddedSplitter(tokens.map((token, id) => ({
    id,
    normalized: false,
    singleWord: false,
    stripsLeft: false,
    stripsRight: false,
    ...token,
  })));
  const rests: string[] = [];
  const ids: number[] = [];
  split(text, ids, (rest, ids) => {
    ids.push(-1);
    rests.push(rest);
  });
  return ids.map((id) => id === -1 ? rests.shift()! : `[${id}]`);
}

for (
  const [what, text, tokens, parts] of [
    ["is found inside a word", "abc", [{ content: "b" }], ["a", "[0]", "c"]],
    ["is the longest where several begin", "xabcx", [
      { content: "ab" },
      { content: "abc" },
    ], ["x", "[1]", "x"]],
    ["is the leftmost of those that overlap", "abcd", [
      { content: "bcd" },
      { content: "abc" },
    ], ["[1]", "d"]],
    ["follows another without anything between", "aa", [{ content: "a" }], [
      "[0]",
      "[0]",
    ]],
    ["takes the white space before it", "a \u3000<m> b", [
      { content: "<m>", stripsLeft: true },
    ], ["a", "[0]", " b"]],
    ["takes the white space after it", "a <m>\n\tb", [
      { content: "<m>", stripsRight: true },
    ], ["a ", "[0]", "b"]],
    ["leaves U+FEFF, which is no white space", "a\ufeff<m>", [
      { content: "<m>", stripsLeft: true },
    ], ["a\ufeff", "[0]"]],
    ["takes no white space that another took", "<a>  <b>", [
      { content: "<a>", stripsRight: true },
      { content: "<b>", stripsLeft: true },
    ], ["[0]", "[1]"]],
    ["is passed over within a word", "dogs dog's", [
      { content: "dog", singleWord: true },
    ], ["dogs ", "[0]", "'s"]],
    ["is passed over behind a letter beyond the first plane", "𐐀dog 😀dog", [
      { content: "dog", singleWord: true },
    ], ["𐐀dog 😀", "[0]"]],
    ["is passed over before a mark or a joiner", "dog\u0301 dog\u200d dog_", [
      { content: "dog", singleWord: true },
    ], ["dog\u0301 dog\u200d dog_"]],
    ["may have the signs of expressions", "a.*b", [{ content: ".*" }], [
      "a",
      "[0]",
      "b",
    ]],
  ] as const
) {
  Deno.test(`an added token ${what}`, () => {
    assertEquals(partsOf(text, [...tokens]), [...parts]);
  });
}

Deno.test("a token that was passed over hides those that begin inside of it", () => {
  const tokens = [{ content: "ab", singleWord: true }, { content: "b" }];
  assertEquals(partsOf("abc", tokens), ["abc"]);
});

Deno.test("an empty text has no parts, whether tokens are added or not", () => {
  assertEquals([partsOf("", []), partsOf("", [{ content: "a" }])], [[], []]);
});

Deno.test("twenty thousand added tokens are found, the last of all too", () => {
  const tokens = Array.from(
    { length: 20_000 },
    (_, i) => ({ content: `[${i}]` }),
  );
  assertEquals(partsOf("a [19999] [7b", tokens), ["a ", "[19999]", " [7b"]);
});
