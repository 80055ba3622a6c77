import { assertEquals } from "@std/assert";
import golden from "../../../../fixtures/golden/bpe/words.json" with {
  type: "json",
};
import { wordSplitter } from "../../../../lib/text/bpe/split_words.ts";
import { slowTest } from "../../../support/slow.ts";
import {
  CHARACTERS,
  differingBlocks,
  digestsOf,
  scriptsRandom,
} from "../../../support/word_digests.ts";

const wordEnd = wordSplitter();

function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = wordEnd(text, start);
    words.push(text.slice(start, end));
    start = end;
  }
  return words;
}

/** As fixtures/golden/bpe/make.py has them. */
const STARTS = [
  ...[0x20, 0x20, 0x20, 0x61, 0x41, 0xc0, 0x300, 0x370, 0x400, 0x5d0],
  ...[0x620, 0x900, 0xe00, 0x1100, 0x1ab0, 0x1e00, 0x2000, 0x2150, 0x2190],
  ...[0x2460, 0x3000, 0x4e00, 0xac00, 0xfe00, 0x105c0, 0x11380, 0x16120],
  ...[0x16ea0, 0x1d7c0, 0x1f600, 0x20000],
];
const WHOLE = [
  ...[" ", " ", " ", "  ", "\n", "\t\t", "\u00a0", "\u3000 ", "'s", "'t"],
  ...["'re", "'ve", "'m", "'ll", "'d", "'", "\u200d"],
];

/** The script's texts of all scripts, white space and contractions. */
function randomTexts(count: number): string[] {
  const below = scriptsRandom();
  return Array.from({ length: count }, () => {
    let text = "";
    for (let pieces = 1 + below(24); pieces > 0; pieces--) {
      const choice = below(STARTS.length + WHOLE.length);
      text += choice < WHOLE.length
        ? WHOLE[choice]
        : String.fromCodePoint(STARTS[choice - WHOLE.length] + below(96));
    }
    return text;
  });
}

function differing(texts: readonly string[], expected: string[]): number[] {
  return differingBlocks(digestsOf(texts, wordsOf, golden.block), expected);
}

Deno.test("every code point alone is split as the reference splits it", () => {
  assertEquals(differing(CHARACTERS, golden.alone), []);
});

slowTest(
  "every code point in a text is split as the reference splits it",
  () => {
    const within = CHARACTERS.map((char) => `a${char}1 ${char}  ${char}'s`);
    assertEquals(differing(within, golden.within), []);
  },
);

Deno.test("100,000 texts of white space and contractions are split as the reference splits them", () => {
  assertEquals(differing(randomTexts(100_000), golden.texts), []);
});

for (
  const [what, text, words] of [
    ["a blank belongs to the word after it", "a b", ["a", " b"]],
    ["of several blanks the last does", "a   b", ["a", "  ", " b"]],
    ["of other white space none does", "a\n\nb", ["a", "\n", "\n", "b"]],
    ["white space at the end is one word", "a \n ", ["a", " \n "]],
    ["contractions are words", "I'd've", ["I", "'d", "'ve"]],
    ["contractions in capitals are none", "I'D", ["I", "'", "D"]],
    ["a contraction after a blank is none", "I 's", ["I", " '", "s"]],
    ["numbers are words of their own", "b2b", ["b", "2", "b"]],
    ["the halves of a pair stay together", "a😀😀b", ["a", "😀😀", "b"]],
    ["half a pair is no letter", "a\ud800b", ["a", "\ud800", "b"]],
  ] as const
) {
  Deno.test(`in GPT-2's words, ${what}`, () => {
    assertEquals(wordsOf(text), [...words]);
  });
}
