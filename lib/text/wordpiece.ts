/**
 * BERT's own tokenizer: text is cleaned, split into words and punctuation, and
 * each word into the longest pieces that the vocabulary has.
 *
 * The ids are those of Hugging Face's fast BertTokenizer, whatever Unicode
 * version JavaScript has. By version 1 of the text rules, which models keep that
 * were trained by it, characters that Unicode gained after version 8 (2015) are
 * taken for what they are: that library's tables are older.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { TEXT_RULES } from "./recipe.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { wordPieceText } from "./wordpiece_text.ts";
import {
  type AddedToken,
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
  const vocabulary = parseWordPieceVocabulary(vocabularyText, options);
  const text = wordPieceText(vocabulary, options.rules ?? TEXT_RULES);
  const ids = new Map([
    ...vocabulary.ids,
    ...vocabulary.added.map(({ content, id }) => [content, id] as const),
  ]);
  const unknown = requireToken(ids, vocabulary.unknown);
  const splitRaw = createSplitter(
    vocabulary.added.filter((token) => !token.normalized),
  );
  const splitNormalized = createSplitter(
    vocabulary.added.filter((token) => token.normalized)
      .map((token) => ({
        ...token,
        content: text.normalize(token.content),
      })),
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

  return {
    kind: "wordpiece",
    size: ids.values().reduce((a, b) => Math.max(a, b)) + 1,
    cls: requireToken(ids, "[CLS]"),
    sep: requireToken(ids, "[SEP]"),
    separators: 1,
    unknown,
    encode: (given) =>
      splitRaw(given, (raw) =>
        splitNormalized(
          text.normalize(raw),
          (words) => text.split(words).flatMap(encodeWord),
        )),
  };
}

function requireToken(ids: ReadonlyMap<string, number>, token: string): number {
  const id = ids.get(token);
  if (id === undefined) {
    throw new UserError(
      `Cannot use the WordPiece vocabulary: none of its ${ids.size} tokens ` +
        `is "${token}"`,
      {
        code: "bad-vocabulary",
        hint: "is this the vocab.txt or tokenizer.json of a BERT model?",
      },
    );
  }
  return id;
}

/** Words that are remembered at most: memory stays bounded. */
const MOST_SEEN = 1 << 16;

type Splitter = (
  text: string,
  encodeRest: (text: string) => number[],
) => number[];

/** Cuts the tokens out of a text, and hands on what is between them. */
function createSplitter(tokens: readonly AddedToken[]): Splitter {
  if (tokens.length === 0) return (text, encodeRest) => encodeRest(text);
  const ids = new Map(tokens.map(({ content, id }) => [content, id]));
  const longestFirst = [...ids.keys()].sort((a, b) => b.length - a.length);
  // A captured separator stays in the result, at the odd indices.
  const pattern = new RegExp(`(${longestFirst.map(RegExp.escape).join("|")})`);
  return (text, encodeRest) =>
    text.split(pattern).flatMap((piece, i) =>
      i % 2 === 1 ? [ids.get(piece)!] : encodeRest(piece)
    );
}

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
