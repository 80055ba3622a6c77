/**
 * Words between white space, cut as Python cuts them: the book's data and
 * vocabulary were made with `str.split()` and `str.lower()`.
 *
 * @module
 */
import type { Tokenizer } from "./tokenizer.ts";
import { parseVocabulary } from "./vocab.ts";

/** Python's white space beyond ASCII. */
const WIDE_SPACE =
  /[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/**
 * Whether Python's `str.isspace()` holds for a character. JavaScript's `\s`
 * lacks U+001C to U+001F and U+0085, and has U+FEFF in addition.
 *
 * @param code A UTF-16 unit; no white space takes two.
 */
export function isPythonSpace(code: number): boolean {
  if (code === 0x20) return true;
  if (code < 0x80) {
    return code >= 0x09 && code <= 0x0d || code >= 0x1c && code <= 0x1f;
  }
  return WIDE_SPACE.test(String.fromCharCode(code));
}

/**
 * The words of a text: the runs of characters that are not white space, as
 * Python's `str.split()` gives them.
 *
 * @param text Any text.
 * @return The words in order; none is empty.
 *
 * @example
 * ```ts
 * import { splitWords } from "./whitespace.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(splitWords(" A person  on\ta horse . "), [
 *   "A", "person", "on", "a", "horse", ".",
 * ]);
 * ```
 */
export function splitWords(text: string): string[] {
  // It goes unit by unit, since a regular expression takes half as long again.
  const words: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isPythonSpace(text.charCodeAt(i))) continue;
    if (i > start) words.push(text.slice(start, i));
    start = i + 1;
  }
  if (start < text.length) words.push(text.slice(start));
  return words;
}

/**
 * The tokenizer of the book's BERT: lower-case if asked, split at white space,
 * look each word up; a word that the vocabulary lacks becomes `<unk>`.
 *
 * `toLowerCase` and Python's `lower` follow the same Unicode rules, the final
 * sigma included; they differ only on letters newer than the older side's
 * Unicode version.
 *
 * @param vocabularyText The content of a `vocab.json`.
 * @param options Whether to lower-case, as the book does for BERT.
 * @throws {UserError} `bad-vocabulary`, as {@link parseVocabulary} does.
 */
export function createWords(
  vocabularyText: string,
  options: { lowerCase: boolean },
): Tokenizer {
  const { ids, size, cls, sep, unknown } = parseVocabulary(vocabularyText);
  return {
    kind: "words",
    size,
    cls,
    sep,
    separators: 1,
    unknown,
    cut: "right",
    encode(text) {
      const cased = options.lowerCase ? text.toLowerCase() : text;
      return splitWords(cased).map((word) => ids.get(word) ?? unknown);
    },
  };
}
