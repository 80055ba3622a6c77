import { assertEquals } from "@std/assert";
import { describeWordLevel } from "../../../lib/export/word_level.ts";
import { splitWords } from "../../../lib/text/whitespace.ts";

const VOCABULARY = JSON.stringify([
  ...["<unk>", "<pad>", "<cls>", "<sep>"],
  ...["7", "__proto__", "man", "man"],
]);

// deno-lint-ignore no-explicit-any
const made = describeWordLevel(VOCABULARY, { lowerCase: true }) as any;

Deno.test("a word of the book's vocabulary has the id that is its last place there", () => {
  assertEquals(Object.entries(made.model.vocab).sort(), [
    ["7", 4],
    ["<cls>", 2],
    ["<pad>", 1],
    ["<sep>", 3],
    ["<unk>", 0],
    ["__proto__", 5],
    ["man", 7],
  ]);
});

Deno.test("the pattern of white space splits at every character that Python's split does, and at no other", () => {
  const pattern = new RegExp(made.pre_tokenizer.pattern.Regex, "u");
  const wrong: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code);
    const isSpace = splitWords(`a${character}a`).length === 2;
    if (pattern.test(character) !== isSpace) wrong.push(code.toString(16));
  }
  assertEquals(wrong, []);
});

Deno.test("pairs are framed by the ids of the vocabulary's own <cls> and <sep>", () => {
  const { pair, special_tokens: special } = made.post_processor;
  assertEquals(
    pair.map((part: Record<string, { id: string; type_id: number }>) => {
      const [{ id, type_id: type }] = Object.values(part);
      return `${id} ${type}`;
    }),
    ["<cls> 0", "A 0", "<sep> 0", "B 1", "<sep> 1"],
  );
  assertEquals([special["<cls>"].ids, special["<sep>"].ids], [[2], [3]]);
});

Deno.test("text is lower-cased only where the model's is", () => {
  const cased = describeWordLevel(VOCABULARY, { lowerCase: false });
  assertEquals([made.normalizer, cased.normalizer], [
    { type: "Lowercase" },
    null,
  ]);
});
