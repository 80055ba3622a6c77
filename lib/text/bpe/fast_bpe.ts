/**
 * Byte-level BPE in `tokenizer.json`, the file of Hugging Face's fast tokenizers.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import {
  type ExpectedPart,
  isId,
  isObject,
  type JsonObject,
  wrongParts,
} from "../resolve/json_files.ts";
import {
  readCut,
  readTemplate,
  showCut,
  showTemplate,
  type Template,
} from "../resolve/template.ts";

/** Two tokens that become one. */
export type Merge = readonly [left: string, right: string];

/** A byte-level BPE tokenizer, but for its added tokens. */
export interface FastBpe {
  /** The id of each token; each byte is a character of its own in them. */
  vocabulary: ReadonlyMap<string, number>;
  /** Pairs that become one token, in the order in which they were learned. */
  merges: readonly Merge[];
  /** What stands for a byte that is no token; null where such bytes are lost. */
  unknown: string | null;
  /** Whether such bytes that follow each other become one token. */
  fusesUnknown: boolean;
  /** Whether a word that is a token itself is not put together of pairs. */
  keepsWholeWords: boolean;
  /**
   * Whether a blank goes before what begins without: a text, or what follows an
   * added token.
   */
  addsBlank: boolean;
  /** Whether text is split into words; if not, pairs reach across them. */
  splitsWords: boolean;
  /** What stands around the sentences; null if the file does not say it. */
  template: Template | null;
  /** Which end of a text that is too long goes. */
  cut: "left" | "right";
}

const isEmpty = (value: unknown) => value == null || value === "";
const isFlag = (value: unknown) => value == null || typeof value === "boolean";

const OF_MODEL: ExpectedPart[] = [
  ["model.type", (v) => v === undefined || v === "BPE", '"BPE"'],
  [
    "model.vocab",
    (v) => isObject(v) && Object.values(v).every(isId),
    "an object of ids",
  ],
  [
    "model.merges",
    (v) => Array.isArray(v) && v.every(isMerge),
    'a list of pairs, as "a b" or ["a", "b"]',
  ],
];

const OF_THE_REST: ExpectedPart[] = [
  ["version", (v) => v === undefined || v === "1.0", '"1.0"'],
  ["normalizer", isEmpty, "none"],
  ["pre_tokenizer.type", (v) => v === "ByteLevel", '"ByteLevel"'],
  [
    "pre_tokenizer.add_prefix_space",
    (v) => typeof v === "boolean",
    "a boolean",
  ],
  ["pre_tokenizer.use_regex", isFlag, "a boolean"],
  [
    "model.dropout",
    (v) => v == null || v === 0,
    "none: a text has the same tokens each time",
  ],
  [
    "model.unk_token",
    (v) => v == null || typeof v === "string",
    "a string or null",
  ],
  ["model.continuing_subword_prefix", isEmpty, "none"],
  ["model.end_of_word_suffix", isEmpty, "none"],
  ["model.fuse_unk", isFlag, "a boolean"],
  ["model.byte_fallback", (v) => v == null || v === false, "false"],
  ["model.ignore_merges", isFlag, "a boolean"],
];

/**
 * Reads a `tokenizer.json` as it stands.
 *
 * @param json Its content.
 * @param problems Gets what this program's tokenizer cannot do.
 * @return The tokenizer; undefined if there are problems.
 */
export function readFastBpe(
  json: JsonObject,
  problems: string[],
): FastBpe | undefined {
  const flat = flatten(json);
  const found = wrongParts(flat, OF_THE_REST);
  const template = readTemplate(flat.post_processor);
  if (typeof template === "string") found.push(template);
  const model = readBpeModel(withoutVersion(json), found);
  const { unk_token, fuse_unk, ignore_merges } = Object(json.model);
  const unknown = unk_token ?? null;
  if (model && unknown !== null && !model.vocabulary.has(unknown)) {
    found.push(
      `tokenizer.json's model.unk_token is ${showValue(unknown)}, which ` +
        "model.vocab does not have",
    );
  }
  problems.push(...found);
  if (found.length > 0) return undefined;
  const splitting = flat.pre_tokenizer as JsonObject;
  return {
    ...model!,
    unknown,
    fusesUnknown: fuse_unk ?? false,
    keepsWholeWords: ignore_merges ?? false,
    addsBlank: splitting.add_prefix_space as boolean,
    splitsWords: (splitting.use_regex ?? true) as boolean,
    template: template as Template | null,
    cut: readCut(json),
  };
}

/**
 * Reads only the vocabulary and the pairs of a `tokenizer.json`.
 *
 * @param json Its content.
 * @param problems Gets what is wrong with them.
 * @return Both; undefined if there are problems.
 */
export function readBpeModel(
  json: JsonObject,
  problems: string[],
): Pick<FastBpe, "vocabulary" | "merges"> | undefined {
  const found = wrongParts(json, OF_MODEL);
  problems.push(...found);
  if (found.length > 0) return undefined;
  const { vocab, merges } = json.model as {
    vocab: Record<string, number>;
    merges: (string | Merge)[];
  };
  const vocabulary = new Map(Object.entries(vocab));
  const pairs = merges.map((merge) =>
    typeof merge === "string" ? merge.split(" ") as [string, string] : merge
  );
  const foreign = foreignMerge(vocabulary, pairs);
  if (foreign === undefined) return { vocabulary, merges: pairs };
  problems.push(`tokenizer.json's model.merges has ${foreign}`);
  return undefined;
}

/**
 * Finds a pair of tokens that are none, or that become none.
 *
 * @param vocabulary The id of each token.
 * @param merges The pairs.
 * @return The pair and what is missing, as a phrase; undefined if there is none.
 */
export function foreignMerge(
  vocabulary: ReadonlyMap<string, number>,
  merges: readonly Merge[],
): string | undefined {
  for (const [left, right] of merges) {
    const missing = [left, right, left + right].find((token) =>
      !vocabulary.has(token)
    );
    if (missing === undefined) continue;
    return `the pair ${
      showValue([left, right])
    }, and the vocabulary does not ` +
      `have ${showValue(missing)}`;
  }
  return undefined;
}

/**
 * Writes a `tokenizer.json`.
 *
 * @param tokenizer The tokenizer, its template told.
 * @param added Its added tokens, as the file has them.
 */
export function showFastBpe(
  tokenizer: FastBpe & { template: Template },
  added: readonly JsonObject[],
): string {
  const { vocabulary, merges, unknown, fusesUnknown, cut } = tokenizer;
  const tokens = [...vocabulary].sort(([, a], [, b]) => a - b);
  return JSON.stringify({
    version: "1.0",
    truncation: showCut(cut),
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: {
      type: "ByteLevel",
      add_prefix_space: tokenizer.addsBlank,
      trim_offsets: true,
      use_regex: tokenizer.splitsWords,
    },
    post_processor: showTemplate(tokenizer.template),
    decoder: {
      type: "ByteLevel",
      add_prefix_space: true,
      trim_offsets: true,
      use_regex: true,
    },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: unknown,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: fusesUnknown,
      byte_fallback: false,
      ignore_merges: tokenizer.keepsWholeWords,
      vocab: Object.fromEntries(tokens),
      merges,
    },
  });
}

/** The first line of a `merges.txt`, which old files have kept, is no pair. */
function withoutVersion(json: JsonObject): JsonObject {
  const { model } = json;
  if (!isObject(model) || !Array.isArray(model.merges)) return json;
  const merges = model.merges.filter((merge) =>
    !(typeof merge === "string" && merge.startsWith("#version"))
  );
  return { ...json, model: { ...model, merges } };
}

/** A sequence of one does what that does, and one of none nothing. */
function flatten(json: JsonObject): JsonObject {
  const only = (part: unknown, name: string): unknown => {
    if (!isObject(part) || part.type !== "Sequence") return part;
    const parts = part[name];
    if (!Array.isArray(parts) || parts.length > 1) return part;
    return parts.length === 0 ? null : only(parts[0], name);
  };
  return {
    ...json,
    normalizer: only(json.normalizer, "normalizers"),
    pre_tokenizer: only(json.pre_tokenizer, "pretokenizers"),
    post_processor: only(json.post_processor, "processors"),
  };
}

function isMerge(value: unknown): boolean {
  const parts = typeof value === "string" ? value.split(" ") : value;
  return Array.isArray(parts) && parts.length === 2 &&
    parts.every((part) => typeof part === "string");
}
