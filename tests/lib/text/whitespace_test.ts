import { assertEquals } from "@std/assert";
import {
  createWords,
  isPythonSpace,
  splitWords,
} from "../../../lib/text/whitespace.ts";

const VOCABULARY = '["<unk>", "<cls>", "<sep>", "horse", "Horse", "σας", "i̇"]';

Deno.test("white space is what Python's str.isspace() says", () => {
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const spaces = [
    ...[...range(9, 13), ...range(28, 32), 0x85, 0xa0, 0x1680],
    ...[...range(0x2000, 0x200a), 0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
  ];
  assertEquals(range(0, 0xffff).filter(isPythonSpace), spaces);
});

Deno.test("words are split at any white space", () => {
  assertEquals(splitWords("\u2003a\x1cb \u3000c"), ["a", "b", "c"]);
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
