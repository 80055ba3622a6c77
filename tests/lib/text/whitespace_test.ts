import { assertEquals } from "@std/assert";
import { createWords, splitWords } from "../../../lib/text/whitespace.ts";

const VOCABULARY = '["<unk>", "<cls>", "<sep>", "horse", "Horse", "σας", "i̇"]';

Deno.test("words are split at every character that Python takes for space", () => {
  const spaces = [
    ...[9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0x85, 0xa0, 0x1680],
    ...[0x2000, 0x2005, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
  ];
  for (const code of spaces) {
    assertEquals(
      splitWords(`a${String.fromCharCode(code)}b`),
      ["a", "b"],
      `U+${code.toString(16)}`,
    );
  }
});

Deno.test("a byte order mark and a zero-width space are part of a word", () => {
  assertEquals(splitWords("\ufeffa\u200bb"), ["\ufeffa\u200bb"]);
});

Deno.test("text without words has none", () => {
  assertEquals(splitWords(" \t\n"), []);
});

Deno.test("text is lower-cased only when asked", () => {
  const encode = (lowerCase: boolean) =>
    createWords(VOCABULARY, { lowerCase }).encode("Horse horse");
  assertEquals([encode(true), encode(false)], [[3, 3], [4, 3]]);
});

Deno.test("lower-casing follows Python on a final sigma and a dotted I", () => {
  const tokenizer = createWords(VOCABULARY, { lowerCase: true });
  assertEquals(tokenizer.encode("ΣΑΣ İ"), [5, 6]);
});

Deno.test("a word that the vocabulary lacks is unknown", () => {
  const tokenizer = createWords(VOCABULARY, { lowerCase: true });
  assertEquals(tokenizer.encode("zebra constructor"), [0, 0]);
});
