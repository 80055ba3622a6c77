/**
 * BERT's own tokenizer: text is cleaned, split into words and punctuation, and
 * each word into the longest pieces that the vocabulary has.
 *
 * The ids are those of Hugging Face's fast BertTokenizer, whatever Unicode
 * version JavaScript has. By version 1 of the text rules, which models keep that
 * were trained by it, characters that Unicode gained after version 8 (2015) are
 * taken for what they are: that library's tables are older. By versions 1 and 2
 * the settings of added tokens and names of special ones do not count.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import type { AddedToken } from "../added/added_token.ts";
import { createAddedSplitter } from "../added/split_added.ts";
import { TEXT_RULES } from "../recipe.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { parseResolvedWordPiece } from "./resolved_wordpiece.ts";
import { type WordPieceText, wordPieceText } from "./wordpiece_text.ts";
import {
  parseWordPieceVocabulary,
  type WordPieceVocabulary,
} from "./wordpiece_vocabulary.ts";

/** How {@link createWordPiece} reads text. */
export interface WordPieceOptions {
  /**
   * Whether a `vocab.txt` is of an uncased model: text is lower-cased and its
   * accents are taken off. A `tokenizer.json` says so itself, and wins.
   */
  lowerCase: boolean;
  /** The version of the text rules; the newest if absent. */
  rules?: number;
}

/**
 * Makes the tokenizer of a WordPiece vocabulary.
 *
 * @param vocabularyText A `vocab.txt` (one token a line) or the
 * `tokenizer.json` of a BertTokenizer.
 * @param options Settings that the file may not tell.
 * @return The tokenizer; it adds no `[CLS]` or `[SEP]` to what it encodes.
 * @throws {UserError} If the file is of another tokenizer, or `[CLS]`, `[SEP]`
 * or the unknown token is missing.
 *
 * @example
 * ```ts
 * import { createWordPiece } from "./wordpiece.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const vocabulary = ["[UNK]", "[CLS]", "[SEP]", "sleep", "##ing", "!"];
 * const tokenizer = createWordPiece(vocabulary.join("\n"), { lowerCase: true });
 * assertEquals(tokenizer.encode("Sleeping!"), [3, 4, 5]);
 * ```
 */
export function createWordPiece(
  vocabularyText: string,
  options: WordPieceOptions,
): Tokenizer {
  const { rules = TEXT_RULES } = options;
  const vocabulary = rules < 3
    ? parseWordPieceVocabulary(vocabularyText, options)
    : parseResolvedWordPiece(vocabularyText, options);
  const text = wordPieceText(vocabulary, rules);
  const { ids, added } = vocabulary;
  const size = [...ids.values(), ...added.map(({ id }) => id)]
    .reduce((a, b) => Math.max(a, b), -1) + 1;
  const known = rules < 3
    ? added.findLast(({ content }) => content === vocabulary.unknown)?.id
    : undefined;
  const unknown = requireToken(known ?? ids.get(vocabulary.unknown), {
    token: vocabulary.unknown,
    size,
  });
  const splitRaw = createAddedSplitter(
    added.filter((token) => !token.normalized),
  );
  const splitNormalized = createAddedSplitter(
    normalizeTokens(added.filter((token) => token.normalized), text, rules),
  );
  // The same words come again and again: each is taken apart once.
  const seen = new Map<string, readonly number[]>();

  function encodeWord(word: string): readonly number[] {
    let pieces = seen.get(word);
    if (pieces === undefined) {
      pieces = splitWord(word, vocabulary) ?? [unknown];
      if (seen.size === MOST_SEEN) seen.clear();
      seen.set(word, pieces);
    }
    return pieces;
  }

  function addWords(words: string, result: number[]): void {
    for (const word of text.split(words)) {
      for (const id of encodeWord(word)) result.push(id);
    }
  }

  return {
    kind: "wordpiece",
    size,
    cls: requireToken(vocabulary.cls, { token: "[CLS]", size }),
    sep: requireToken(vocabulary.sep, { token: "[SEP]", size }),
    unknown,
    separators: vocabulary.separators,
    cut: vocabulary.cut,
    encode(given) {
      const result: number[] = [];
      splitRaw(
        given,
        result,
        (rest, result) =>
          splitNormalized(text.normalize(rest), result, addWords),
      );
      return result;
    },
  };
}

/** Tokens that are looked for in normalized text are so, too. */
function normalizeTokens(
  tokens: readonly AddedToken[],
  text: WordPieceText,
  rules: number,
): AddedToken[] {
  const seen = new Map<string, string>();
  return tokens.map((token) => {
    const content = text.normalize(token.content);
    const other = seen.get(content);
    seen.set(content, token.content);
    // Which of the two transformers takes is up to chance.
    if (rules >= 3 && (content === "" || other !== undefined)) {
      throw new UserError(
        `Cannot use the tokenizer: its added token "${token.content}" is ` +
          (content === "" ? "nothing" : `the same as "${other}"`) +
          " in normalized text, in which it is looked for",
        { code: "bad-vocabulary", hint: "leave one of the tokens out" },
      );
    }
    return { ...token, content };
  }).filter(({ content }) => content !== "");
}

function requireToken(
  id: number | undefined,
  { token, size }: { token: string; size: number },
): number {
  if (id !== undefined) return id;
  throw new UserError(
    `Cannot use the WordPiece vocabulary: none of its ${size} tokens ` +
      `is "${token}"`,
    {
      code: "bad-vocabulary",
      hint: "is this the vocab.txt or tokenizer.json of a BERT model?",
    },
  );
}

/** Words that are remembered at most: memory stays bounded. */
const MOST_SEEN = 1 << 16;

/** The longest pieces from the left; undefined if they don't make the word. */
function splitWord(
  word: string,
  { ids, prefix, longestWord }: WordPieceVocabulary,
): number[] | undefined {
  // Characters are code points, of one or two UTF-16 units.
  if (word.length > longestWord && [...word].length > longestWord) return;
  const pieces: number[] = [];
  for (let start = 0; start < word.length;) {
    const mark = start === 0 ? "" : prefix;
    let end = word.length;
    while (end > start && !ids.has(mark + word.slice(start, end))) end--;
    if (end === start) return;
    pieces.push(ids.get(mark + word.slice(start, end))!);
    start = end;
  }
  return pieces;
}
