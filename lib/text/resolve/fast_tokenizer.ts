/**
 * `tokenizer.json`, the file of Hugging Face's fast tokenizers, as far as
 * WordPiece goes.
 *
 * @module
 */
import {
  type ExpectedPart,
  isId,
  isObject,
  type JsonObject,
  wrongParts,
} from "./json_files.ts";
import {
  readCut,
  readTemplate,
  showCut,
  showTemplate,
  type Template,
} from "./template.ts";

/** What is done to a text before it is split. */
export interface Normalizer {
  /** Whether control characters go and every white space becomes a blank. */
  clean_text: boolean;
  /** Whether each Chinese character is a word. */
  handle_chinese_chars: boolean;
  /** Whether accents are taken off; as `lowercase` if null. */
  strip_accents: boolean | null;
  /** Whether text is lower-cased. */
  lowercase: boolean;
}

/** A fast tokenizer of word pieces, but for its added tokens. */
export interface FastTokenizer {
  /** The id of each piece. */
  vocabulary: ReadonlyMap<string, number>;
  /** What stands for a word that no pieces make up. */
  unknown: string;
  /** Marks a piece that continues a word. */
  prefix: string;
  /** Words of more characters than this are unknown. */
  longestWord: number;
  /** What is done to a text; null for nothing. */
  normalizer: Normalizer | null;
  /** What stands around the sentences; null if the file does not say it. */
  template: Template | null;
  /** Which end of a text that is too long goes. */
  cut: "left" | "right";
}

const isBoolean = (value: unknown) => typeof value === "boolean";
const isString = (value: unknown) => typeof value === "string";
const isEmpty = (value: unknown) => value == null;

const EXPECTED: ExpectedPart[] = [
  ["version", (v) => v === undefined || v === "1.0", '"1.0"'],
  ["pre_tokenizer.type", (v) => v === "BertPreTokenizer", '"BertPreTokenizer"'],
  ["model.type", (v) => v === undefined || v === "WordPiece", '"WordPiece"'],
  ["model.unk_token", isString, "a string"],
  ["model.continuing_subword_prefix", isString, "a string"],
  ["model.max_input_chars_per_word", isId, "a whole number"],
  [
    "model.vocab",
    (v) => isObject(v) && Object.values(v).every(isId),
    "an object of ids",
  ],
  [
    "decoder.type",
    (v) => v === undefined || v === "WordPiece",
    '"WordPiece"',
  ],
];

const OF_NORMALIZER: ExpectedPart[] = [
  ["normalizer.type", (v) => v === "BertNormalizer", '"BertNormalizer"'],
  ["normalizer.clean_text", isBoolean, "a boolean"],
  ["normalizer.handle_chinese_chars", isBoolean, "a boolean"],
  [
    "normalizer.strip_accents",
    (v) => isEmpty(v) || isBoolean(v),
    "a boolean or null",
  ],
  ["normalizer.lowercase", isBoolean, "a boolean"],
];

/**
 * Reads a `tokenizer.json`.
 *
 * @param json Its content.
 * @param problems Gets what this program's tokenizer cannot do.
 * @return The tokenizer; undefined if there are problems.
 */
export function readFastTokenizer(
  json: JsonObject,
  problems: string[],
): FastTokenizer | undefined {
  const flat = {
    ...json,
    normalizer: onlyOne(json.normalizer, "normalizers"),
    pre_tokenizer: onlyOne(json.pre_tokenizer, "pretokenizers"),
    post_processor: onlyOne(json.post_processor, "processors"),
  };
  const normalized = !isEmpty(flat.normalizer);
  const found = wrongParts(flat, [
    ...EXPECTED,
    ...normalized ? OF_NORMALIZER : [],
  ]);
  const template = readTemplate(flat.post_processor);
  if (typeof template === "string") found.push(template);
  problems.push(...found);
  if (found.length > 0) return undefined;
  const model = json.model as JsonObject;
  return {
    vocabulary: new Map(Object.entries(model.vocab as Record<string, number>)),
    unknown: model.unk_token as string,
    prefix: model.continuing_subword_prefix as string,
    longestWord: model.max_input_chars_per_word as number,
    normalizer: normalized ? readNormalizer(flat.normalizer) : null,
    template: template as Template | null,
    cut: readCut(json),
  };
}

/**
 * Writes a `tokenizer.json`.
 *
 * @param tokenizer The tokenizer, its template told.
 * @param added Its added tokens, as the file has them.
 */
export function showFastTokenizer(
  tokenizer: FastTokenizer & { template: Template },
  added: readonly JsonObject[],
): string {
  const { vocabulary, unknown, prefix, longestWord, cut } = tokenizer;
  const pieces = [...vocabulary].sort(([, a], [, b]) => a - b);
  return JSON.stringify({
    version: "1.0",
    truncation: showCut(cut),
    padding: null,
    added_tokens: added,
    normalizer: tokenizer.normalizer &&
      { type: "BertNormalizer", ...tokenizer.normalizer },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: showTemplate(tokenizer.template),
    decoder: { type: "WordPiece", prefix, cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: unknown,
      continuing_subword_prefix: prefix,
      max_input_chars_per_word: longestWord,
      vocab: Object.fromEntries(pieces),
    },
  });
}

function readNormalizer(value: unknown): Normalizer {
  const normalizer = value as Normalizer;
  return {
    clean_text: normalizer.clean_text,
    handle_chinese_chars: normalizer.handle_chinese_chars,
    strip_accents: normalizer.strip_accents ?? null,
    lowercase: normalizer.lowercase,
  };
}

/** A sequence of one does what that does, and one of none nothing. */
function onlyOne(part: unknown, name: string): unknown {
  if (!isObject(part) || part.type !== "Sequence") return part;
  const parts = part[name];
  if (!Array.isArray(parts) || parts.length > 1) return part;
  return parts.length === 0 ? null : onlyOne(parts[0], name);
}
