/**
 * The two files that hold a WordPiece vocabulary: `vocab.txt`, one token a
 * line, and the `tokenizer.json` of a fast BERT tokenizer, as versions 1 and 2
 * of the text rules read them.
 *
 * @module
 */
import { listProblems, UserError } from "../../base/errors.ts";
import { showValue } from "../../base/show_value.ts";
import type { AddedToken } from "../added/added_token.ts";

/** Everything that tells one WordPiece tokenizer from another. */
export interface WordPieceVocabulary {
  /** The id of each piece; pieces that continue a word start with `prefix`. */
  ids: ReadonlyMap<string, number>;
  /** Tokens found in the text as they stand. */
  added: readonly AddedToken[];
  /** The id that opens an example, if there is one. */
  cls: number | undefined;
  /** The id that closes a sentence, if there is one. */
  sep: number | undefined;
  /** How many `sep` stand between two sentences. */
  separators: 1 | 2;
  /** Which end of a text that is too long goes. */
  cut: "left" | "right";
  /** What stands for a word that no pieces make up, as `[UNK]`. */
  unknown: string;
  /** Marks a piece that continues a word, as `##`. */
  prefix: string;
  /** Words of more characters than this are unknown. */
  longestWord: number;
  /** Whether control characters go and every white space becomes a blank. */
  cleanText: boolean;
  /** Whether each Chinese character is a word. */
  splitChinese: boolean;
  /** Whether accents are taken off. */
  stripAccents: boolean;
  /** Whether text is lower-cased. */
  lowerCase: boolean;
}

const NO_FLAGS = { singleWord: false, stripsLeft: false, stripsRight: false };

const SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/** What is read of a `tokenizer.json`. */
interface TokenizerJson {
  added_tokens: { content: string; id: number; normalized: boolean }[];
  normalizer: {
    clean_text: boolean;
    handle_chinese_chars: boolean;
    strip_accents: boolean | null;
    lowercase: boolean;
  };
  model: {
    unk_token: string;
    continuing_subword_prefix: string;
    max_input_chars_per_word: number;
    vocab: Record<string, number>;
  };
}

/** They become one regular expression, whose size has an end. */
const MOST_ADDED = 10_000;
const LONGEST_ADDED = 256;

/**
 * What a BERT tokenizer's file holds: where, what is expected, the test of it.
 * (By hand: this runs on every encoding worker, where a schema library would
 * be most of the script.)
 */
const EXPECTED: [string, string, (value: unknown) => boolean][] = [
  [
    "added_tokens",
    `a list of up to ${MOST_ADDED} tokens that are found inside words too, ` +
    `of up to ${LONGEST_ADDED} characters`,
    (value) =>
      Array.isArray(value) && value.length <= MOST_ADDED &&
      value.every(isAddedToken),
  ],
  ["normalizer.type", '"BertNormalizer"', (v) => v === "BertNormalizer"],
  ["normalizer.clean_text", "a boolean", isBoolean],
  ["normalizer.handle_chinese_chars", "a boolean", isBoolean],
  [
    "normalizer.strip_accents",
    "a boolean or null",
    (value) => value === null || isBoolean(value),
  ],
  ["normalizer.lowercase", "a boolean", isBoolean],
  ["pre_tokenizer.type", '"BertPreTokenizer"', (v) => v === "BertPreTokenizer"],
  ["model.type", '"WordPiece"', (v) => v === "WordPiece"],
  ["model.unk_token", "a string", isString],
  ["model.continuing_subword_prefix", "a string", isString],
  [
    "model.max_input_chars_per_word",
    "a whole number, at least 1",
    (value) => isId(value) && value !== 0,
  ],
  [
    "model.vocab",
    "an object of ids",
    (value) => isObject(value) && Object.values(value).every(isId),
  ],
];

/**
 * Reads a `vocab.txt` (a token's id is its line, from 0; the last of two equal
 * lines counts, as in BERT's own reader) or a `tokenizer.json`.
 *
 * @param text The file's text; JSON is told by its opening brace.
 * @param options What a `vocab.txt` cannot tell: whether it is lower-cased. A
 * `tokenizer.json` says so itself.
 * @return The vocabulary.
 * @throws {UserError} If the JSON is malformed or of another tokenizer.
 */
export function parseWordPieceVocabulary(
  text: string,
  options: { lowerCase: boolean },
): WordPieceVocabulary {
  return /^\s*\{\s*"/.test(text)
    ? parseTokenizerJson(text)
    : parseVocabTxt(text, options.lowerCase);
}

function parseVocabTxt(text: string, lowerCase: boolean): WordPieceVocabulary {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const ids = new Map(lines.map((token, id) => [token, id]));
  return {
    ids,
    added: SPECIAL_TOKENS.filter((token) => ids.has(token)).map((content) => ({
      content,
      id: ids.get(content)!,
      normalized: false,
      ...NO_FLAGS,
    })),
    cls: ids.get("[CLS]"),
    sep: ids.get("[SEP]"),
    separators: 1,
    cut: "right",
    unknown: "[UNK]",
    prefix: "##",
    longestWord: 100,
    cleanText: true,
    splitChinese: true,
    stripAccents: lowerCase,
    lowerCase,
  };
}

function parseTokenizerJson(text: string): WordPieceVocabulary {
  const { added_tokens, normalizer, model } = parseChecked(text);
  const ids = new Map(Object.entries(model.vocab));
  const idOf = (sign: string) =>
    added_tokens.findLast(({ content }) => content === sign)?.id ??
      ids.get(sign);
  return {
    ids,
    // These rules know of no other settings of a token.
    added: added_tokens.map((token) => ({ ...token, ...NO_FLAGS })),
    cls: idOf("[CLS]"),
    sep: idOf("[SEP]"),
    separators: 1,
    cut: "right",
    unknown: model.unk_token,
    prefix: model.continuing_subword_prefix,
    longestWord: model.max_input_chars_per_word,
    cleanText: normalizer.clean_text,
    splitChinese: normalizer.handle_chinese_chars,
    stripAccents: normalizer.strip_accents ?? normalizer.lowercase,
    lowerCase: normalizer.lowercase,
  };
}

function parseChecked(text: string): TokenizerJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UserError(
      `Cannot read the tokenizer: it is not valid JSON: ${
        (cause as Error).message
      }`,
      { code: "bad-vocabulary", cause, hint: "download the file again" },
    );
  }
  const problems = EXPECTED.flatMap(([path, expected, holds]) => {
    const value = valueAt(json, path);
    return holds(value)
      ? []
      : [`${path} is ${showValue(value)}, expected ${expected}`];
  });
  if (problems.length === 0) return json as TokenizerJson;
  throw listProblems("Cannot use the tokenizer", problems, {
    code: "bad-vocabulary",
    hint: "a BertTokenizer's tokenizer.json or vocab.txt is expected",
  });
}

function valueAt(json: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (value, name) => isObject(value) ? value[name] : undefined,
    json,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAddedToken(value: unknown): boolean {
  return isObject(value) && isId(value.id) &&
    isString(value.content) && value.content !== "" &&
    (value.content as string).length <= LONGEST_ADDED &&
    isBoolean(value.normalized) && value.single_word === false;
}

function isId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isString(value: unknown): boolean {
  return typeof value === "string";
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}
