import { assertEquals } from "@std/assert";
import golden from "../../../../fixtures/golden/wordpiece/words.json" with {
  type: "json",
};
import { wordPieceText } from "../../../../lib/text/wordpiece/wordpiece_text.ts";
import { slowTest } from "../../../support/slow.ts";
import type { Declare } from "../../../support/tier.ts";
import {
  CHARACTERS,
  differingBlocks,
  digestsOf,
  scriptsRandom,
} from "../../../support/word_digests.ts";

/** As fixtures/golden/wordpiece/make.py has them. */
const SETTINGS = {
  uncased: { lowerCase: true, stripAccents: true, splitChinese: true },
  cased: { lowerCase: false, stripAccents: false, splitChinese: true },
  accents: { lowerCase: true, stripAccents: false, splitChinese: true },
  no_accents: { lowerCase: false, stripAccents: true, splitChinese: false },
};

/** That of most models. */
const COMMON = ["uncased"];

const STARTS = [
  ...[0x20, 0x61, 0x41, 0xc0, 0x300, 0x370, 0x400, 0x5d0, 0x620, 0x900],
  ...[0xe00, 0x1100, 0x1ab0, 0x1e00, 0x2000, 0x2190, 0x3000, 0x4e00],
  ...[0xac00, 0xfe00, 0x105c0, 0x11380, 0x16120, 0x16ea0, 0x1f600, 0x20000],
];

/** The script's texts of all scripts. */
function randomTexts(count: number): string[] {
  const below = scriptsRandom();
  return Array.from({ length: count }, () => {
    let text = "";
    for (let length = 1 + below(24); length > 0; length--) {
      const start = STARTS[below(STARTS.length)];
      text += String.fromCodePoint(start + below(96));
    }
    return text;
  });
}

for (const [name, steps] of Object.entries(SETTINGS)) {
  const expected = golden[name as keyof typeof SETTINGS];
  const text = wordPieceText({ ...steps, cleanText: true }, 2);
  const wordsOf = (given: string) => text.split(text.normalize(given));

  const test: Declare = COMMON.includes(name) ? Deno.test : slowTest;

  test(`every code point alone has the reference's words, ${name}`, () => {
    const found = digestsOf(CHARACTERS, wordsOf, golden.block);
    assertEquals(differingBlocks(found, expected.alone), []);
  });

  test(`every code point in a word has the reference's words, ${name}`, () => {
    const within = CHARACTERS.map((char) => `Éa${char}b`);
    const found = digestsOf(within, wordsOf, golden.block);
    assertEquals(differingBlocks(found, expected.within), []);
  });

  test(`100,000 texts of all scripts have the reference's words, ${name}`, () => {
    const found = digestsOf(randomTexts(100_000), wordsOf, golden.block);
    assertEquals(differingBlocks(found, expected.texts), []);
  });
}

Deno.test("texts of the first version of the rules keep their words", () => {
  const steps = { ...SETTINGS.uncased, cleanText: true };
  const words = [1, 2].map((rules) => {
    const text = wordPieceText(steps, rules);
    // An Arabic mark that Unicode has since version 14, and a newer accent.
    return text.split(text.normalize("a\u061db c\u0898d"));
  });
  assertEquals(words, [["a", "\u061d", "b", "cd"], ["a\u061db", "c\u0898d"]]);
});
