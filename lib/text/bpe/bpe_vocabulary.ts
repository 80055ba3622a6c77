/**
 * What tells one byte-level BPE tokenizer from another, as the `tokenizer.json`
 * of Hugging Face's tokenizers has it.
 *
 * @module
 */
import {
  type AddedToken,
  LONGEST_ADDED,
  MOST_ADDED,
} from "../added/added_token.ts";
import {
  type Expected,
  isBoolean,
  isId,
  isObject,
  isString,
  parseChecked,
} from "../checked_json.ts";

/** Everything that tells one byte-level BPE tokenizer from another. */
export interface BpeVocabulary {
  /** The id of each token; each byte is a character of its own in them. */
  ids: ReadonlyMap<string, number>;
  /** Pairs that become one token, in the order in which they were learned. */
  merges: readonly (readonly [left: string, right: string])[];
  /** Tokens found in the text as they stand. */
  added: readonly AddedToken[];
  /** What stands for a byte that is no token; null where such bytes are lost. */
  unknown: string | null;
  /** Whether such bytes that follow each other become one token. */
  fusesUnknown: boolean;
  /** Whether a word that is a token itself is not put together of pairs. */
  keepsWholeWords: boolean;
  /** Whether a blank goes before what begins without: a text, or what follows an added token. */
  addsBlank: boolean;
  /** Whether text is split into words; if not, pairs reach across them. */
  splitsWords: boolean;
  /** Id of what opens an example. */
  cls: number;
  /** Id of what closes a sentence. */
  sep: number;
  /** How many of it stand between two sentences. */
  separators: 1 | 2;
}

/** What is read of the file. */
interface TokenizerJson {
  added_tokens: {
    content: string;
    id: number;
    normalized: boolean;
    single_word: boolean;
    lstrip: boolean;
    rstrip: boolean;
  }[];
  pre_tokenizer: { add_prefix_space: boolean; use_regex?: boolean };
  post_processor: {
    pair: { SpecialToken?: { id: string }; Sequence?: unknown }[];
    special_tokens: Record<string, { ids: [number] }>;
  };
  model: {
    unk_token?: string | null;
    fuse_unk?: boolean | null;
    ignore_merges?: boolean | null;
    vocab: Record<string, number>;
    merges: (string | [string, string])[];
  };
}

const isAbsent = (value: unknown) => value == null;
const isFlag = (value: unknown) => isAbsent(value) || isBoolean(value);
const isNothing = (value: unknown) => isAbsent(value) || value === "";

const EXPECTED: readonly Expected[] = [
  [
    "added_tokens",
    `a list of up to ${MOST_ADDED} tokens of up to ${LONGEST_ADDED} characters`,
    (value) =>
      Array.isArray(value) && value.length <= MOST_ADDED &&
      value.every(isAddedToken),
  ],
  ["normalizer", "none", isAbsent],
  ["pre_tokenizer.type", '"ByteLevel"', (value) => value === "ByteLevel"],
  ["pre_tokenizer.add_prefix_space", "a boolean", isBoolean],
  ["pre_tokenizer.use_regex", "a boolean", isFlag],
  [
    "post_processor",
    "a TemplateProcessing of <s> A </s> B </s>, or with two </s> in between",
    isTemplate,
  ],
  ["model.type", '"BPE"', (value) => value === "BPE"],
  [
    "model.dropout",
    "none: a model's text is always the same tokens",
    (value) => isAbsent(value) || value === 0,
  ],
  [
    "model.unk_token",
    "a string or null",
    (value) => isAbsent(value) || isString(value),
  ],
  ["model.continuing_subword_prefix", "none", isNothing],
  ["model.end_of_word_suffix", "none", isNothing],
  ["model.fuse_unk", "a boolean", isFlag],
  [
    "model.byte_fallback",
    "false",
    (value) => isAbsent(value) || value === false,
  ],
  ["model.ignore_merges", "a boolean", isFlag],
  [
    "model.vocab",
    "an object of ids",
    (value) => isObject(value) && Object.values(value).every(isId),
  ],
  [
    "model.merges",
    'a list of pairs, as "a b" or ["a", "b"]',
    (value) => Array.isArray(value) && value.every(isMerge),
  ],
];

/**
 * Reads the `tokenizer.json` of a byte-level BPE tokenizer.
 *
 * @param text The file's text.
 * @throws {UserError} `bad-vocabulary` if it is no JSON, or that lists what this
 * tokenizer does not do.
 */
export function parseBpeVocabulary(text: string): BpeVocabulary {
  const json = parseChecked(
    text,
    EXPECTED,
    "the tokenizer.json of a RoBERTa model is expected",
  ) as TokenizerJson;
  const { model, pre_tokenizer, post_processor } = json;
  const signs = post_processor.pair.flatMap(({ SpecialToken }) =>
    SpecialToken ? post_processor.special_tokens[SpecialToken.id].ids : []
  );
  return {
    ids: new Map(Object.entries(model.vocab)),
    merges: model.merges.filter((merge) => !isVersion(merge)).map(pairOf),
    added: json.added_tokens.map((token) => ({
      content: token.content,
      id: token.id,
      normalized: token.normalized,
      singleWord: token.single_word,
      stripsLeft: token.lstrip,
      stripsRight: token.rstrip,
    })),
    unknown: model.unk_token ?? null,
    fusesUnknown: model.fuse_unk ?? false,
    keepsWholeWords: model.ignore_merges ?? false,
    addsBlank: pre_tokenizer.add_prefix_space,
    splitsWords: pre_tokenizer.use_regex ?? true,
    cls: signs[0],
    sep: signs[1],
    separators: signs.length === 4 ? 2 : 1,
  };
}

function isAddedToken(value: unknown): boolean {
  return isObject(value) && isId(value.id) && isString(value.content) &&
    value.content !== "" && value.content.length <= LONGEST_ADDED &&
    ["normalized", "single_word", "lstrip", "rstrip"]
      .every((name) => isBoolean(value[name]));
}

/** Whether it is `cls A sep B sep`, with one or two `sep` in between. */
function isTemplate(value: unknown): boolean {
  const { pair, special_tokens: tokens } = Object(value);
  if (!Array.isArray(pair) || !isObject(tokens)) return false;
  const pieces = pair.map((piece) => {
    const { SpecialToken, Sequence } = Object(piece);
    if (Sequence) return Sequence.id;
    const { ids } = Object(tokens[SpecialToken?.id]);
    return Array.isArray(ids) && ids.length === 1 && isId(ids[0]) ? ids[0] : "";
  });
  const [cls, , sep] = pieces;
  return isId(cls) && isId(sep) &&
    [[sep], [sep, sep]].some((between) =>
      pieces.join() === [cls, "A", ...between, "B", sep].join()
    );
}

function isMerge(value: unknown): boolean {
  if (isString(value)) return isVersion(value) || value.split(" ").length === 2;
  return Array.isArray(value) && value.length === 2 && value.every(isString);
}

/** The first line of a `merges.txt`, which some have kept. */
function isVersion(merge: unknown): boolean {
  return isString(merge) && merge.startsWith("#version");
}

function pairOf(merge: string | [string, string]): [string, string] {
  return isString(merge) ? merge.split(" ") as [string, string] : merge;
}
