/**
 * From a text to the words that WordPiece takes apart: cleaned, its accents
 * taken off, lower-cased, split at blanks and around punctuation.
 *
 * @module
 */
import {
  CHINESE,
  LOWERED,
  MARKS,
  NEWER,
  PUNCTUATION,
  REMOVED,
} from "./wordpiece_tables.ts";
import type { WordPieceVocabulary } from "./wordpiece_vocabulary.ts";

/** The steps that go by what a character is. */
interface Characters {
  /** Takes control characters out. */
  clean(text: string): string;
  /** Takes accents off. */
  stripAccents(text: string): string;
  /** Lower-cases characters one by one, also a sigma at the end of a word. */
  lower(text: string): string;
  /** Matches a word. */
  word: RegExp;
}

/** As JavaScript's own Unicode version has it: version 1 of the text rules. */
const OWN: Characters = {
  clean: (text) =>
    text.replace(/(?![\t\n\r])[\ufffd\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, ""),
  stripAccents: (text) => text.normalize("NFD").replace(/\p{Mn}/gu, ""),
  lower,
  word: wordPattern("\\p{P}$+<=>^`|~"),
};

const ASCII = /^[\0-\x7f]*$/;
const removed = classPattern(REMOVED + "\\p{Cs}");
const marks = classPattern(MARKS);
const newer = new RegExp(`([${NEWER}]+)`, "u");
const lowered = classPattern(
  LOWERED.map(([first, last]) => `\\u{${hex(first)}}-\\u{${hex(last)}}`)
    .join(""),
);

/** As Hugging Face's tokenizers have it: from version 2 of the text rules. */
const REFERENCE: Characters = {
  clean: (text) => text.replace(removed, ""),
  stripAccents(text) {
    if (ASCII.test(text)) return text;
    // What is newer than the reference's tables stays where and as it is.
    const parts = text.split(newer)
      .map((part, i) => i % 2 === 1 ? part : part.normalize("NFD"));
    return parts.join("").replace(marks, "");
  },
  lower: (text) => lower(text.replace(lowered, shift)),
  word: wordPattern(PUNCTUATION),
};

const chinese = classPattern(CHINESE);

/** What is done to a text before words are taken apart. */
export interface WordPieceText {
  /** Cleans, takes accents off, lower-cases, as the vocabulary says. */
  normalize(text: string): string;
  /** The words of a normalized text. */
  split(text: string): string[];
}

/**
 * How a vocabulary's texts are read.
 *
 * @param vocabulary Which of the steps it takes.
 * @param rules The version of the text rules.
 */
export function wordPieceText(
  vocabulary: Pick<
    WordPieceVocabulary,
    "cleanText" | "splitChinese" | "stripAccents" | "lowerCase"
  >,
  rules: number,
): WordPieceText {
  const characters = rules < 2 ? OWN : REFERENCE;
  return {
    normalize(text) {
      let result = text;
      if (vocabulary.cleanText) {
        result = characters.clean(result).replace(/\p{White_Space}/gu, " ");
      }
      if (vocabulary.splitChinese) result = result.replace(chinese, " $& ");
      if (vocabulary.stripAccents) result = characters.stripAccents(result);
      return vocabulary.lowerCase ? characters.lower(result) : result;
    },
    split: (text) => text.match(characters.word) ?? [],
  };
}

function lower(text: string): string {
  return text.replaceAll("Σ", "σ").toLowerCase();
}

function shift(char: string): string {
  const code = char.codePointAt(0)!;
  const [, , by] = LOWERED.find(([first, last]) =>
    first <= code && code <= last
  )!;
  return String.fromCodePoint(code + by);
}

function hex(code: number): string {
  return code.toString(16);
}

function classPattern(characters: string): RegExp {
  return new RegExp(`[${characters}]`, "gu");
}

/** A punctuation mark, or a run of anything else but white space. */
function wordPattern(punctuation: string): RegExp {
  return new RegExp(
    `[${punctuation}]|[^\\p{White_Space}${punctuation}]+`,
    "gu",
  );
}
