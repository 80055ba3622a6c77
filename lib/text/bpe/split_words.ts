/**
 * The words that byte-level BPE merges: those of GPT-2's regular expression
 * (Radford et al., 2019),
 * `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
 * which takes every character. A blank before a word belongs to it.
 *
 * Letters and numbers are those of Hugging Face's tokenizers, whatever Unicode
 * version JavaScript has. It goes character by character, which takes half the
 * time of a regular expression with these classes.
 *
 * @module
 */
import { characterSet } from "../added/character_set.ts";
import { LETTERS, NUMBERS } from "./bpe_tables.ts";

// What a character is to the expression: 0 is none of these, 1 a letter.
const NUMBER = 2;
const SPACE = 3;

const BLANK = 0x20;
const APOSTROPHE = 0x27;

/**
 * Where the word ends that begins at a place.
 *
 * @param text A text.
 * @param start The place, before the text's end.
 */
export type WordEnd = (text: string, start: number) => number;

let wordEnd: WordEnd | undefined;

/**
 * What finds the words of a text, one after the other.
 *
 * @example
 * ```ts
 * import { wordSplitter } from "./split_words.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const end = wordSplitter();
 * const text = "It's 2 o'clock!";
 * const words = [];
 * for (let i = 0; i < text.length; i = end(text, i)) {
 *   words.push(text.slice(i, end(text, i)));
 * }
 * assertEquals(words, ["It", "'s", " 2", " o", "'", "clock", "!"]);
 * ```
 */
export function wordSplitter(): WordEnd {
  // The tables are unpacked when a model needs them.
  wordEnd ??= createWordEnd(characterClasses());
  return wordEnd;
}

function characterClasses(): Uint8Array {
  const classes = characterSet(LETTERS);
  characterSet(NUMBERS).forEach((is, code) => {
    if (is) classes[code] = NUMBER;
  });
  for (let code = 0; code <= 0x3000; code++) {
    if (/\p{White_Space}/u.test(String.fromCharCode(code))) {
      classes[code] = SPACE;
    }
  }
  return classes;
}

function createWordEnd(classes: Uint8Array): WordEnd {
  /** Where the run of one class ends that begins at a place. */
  function runEnd(text: string, start: number, kind: number): number {
    let end = start;
    while (end < text.length) {
      const unit = text.charCodeAt(end);
      // Of the characters of two units none is white space.
      const code = unit >> 11 === 0x1b ? text.codePointAt(end)! : unit;
      if (classes[code] !== kind) break;
      end += code > 0xffff ? 2 : 1;
    }
    return end;
  }

  return (text, start) => {
    const first = text.charCodeAt(start);
    if (first === APOSTROPHE) {
      const end = contractionEnd(text, start);
      if (end > start) return end;
    }
    const begin = first === BLANK && start + 1 < text.length
      ? start + 1
      : start;
    const kind = classes[text.codePointAt(begin)!];
    if (kind !== SPACE) return runEnd(text, begin, kind);
    const end = runEnd(text, start, SPACE);
    // The last white space is left to the word after it, which takes a blank.
    return end < text.length && end - start > 1 ? end - 1 : end;
  };
}

/** Where a contraction ends that begins at a place; the place if none does. */
function contractionEnd(text: string, start: number): number {
  switch (text[start + 1]) {
    case "s":
    case "t":
    case "m":
    case "d":
      return start + 2;
    case "r":
    case "v":
      return text[start + 2] === "e" ? start + 3 : start;
    case "l":
      return text[start + 2] === "l" ? start + 3 : start;
    default:
      return start;
  }
}
