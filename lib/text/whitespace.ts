/**
 * Words between white space, cut as Python cuts them: the book's data and
 * vocabulary were made with `str.split()` and `str.lower()`.
 *
 * @module
 */
import type { Tokenizer } from "./tokenizer.ts";
import { parseVocabulary } from "./vocab.ts";

/**
 * The characters for which Python's `str.isspace()` holds, as the inside of a
 * regular expression's character class. JavaScript's `\s` lacks U+001C to
 * U+001F and U+0085, and has U+FEFF in addition.
 */
export const PYTHON_SPACE =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const WORD = new RegExp(`[^${PYTHON_SPACE}]+`, "g");

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
  return text.match(WORD) ?? [];
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
    unknown,
    encode(text) {
      const cased = options.lowerCase ? text.toLowerCase() : text;
      return splitWords(cased).map((word) => ids.get(word) ?? unknown);
    },
  };
}
