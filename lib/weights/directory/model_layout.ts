/**
 * Tells whose model a directory holds, and which of its files are what.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { tellKind } from "../../base/files/directory_kind.ts";
import { readRegularText } from "../../base/files/regular.ts";
import { readRecordedText } from "../../hub/catalogue/recorded_digests.ts";
import { foreignFileAt } from "../formats/foreign_files.ts";
import { statedFamily } from "../hugging_face/model_type.ts";
import { type OwnFields, readOwnFields } from "../hugging_face/own_fields.ts";
import { badModel, listNames } from "./bad_model.ts";
import { brokenLink } from "./find_weights.ts";
import { refuseConfig } from "./foreign_config.ts";
import { foreignKind } from "./foreign_kinds.ts";
import { readJsonObject } from "./json_files.ts";
import type { Listing } from "./listing.ts";
import { type DirectoryKind, weightsIn } from "./weight_names.ts";

/** The files of a model directory, apart from its weights. */
export interface ModelLayout {
  /** Whose it is: ours, the book's or Hugging Face's. */
  kind: DirectoryKind;
  /** The content of `config.json`; null for the book's, which has none. */
  config: Record<string, unknown> | null;
  /**
   * What this program has written into a `config.json` of Hugging Face's; null
   * if nothing.
   */
  own: OwnFields | null;
  /** The content of Hugging Face's `tokenizer_config.json`; empty without. */
  tokenizer: Record<string, unknown>;
  /** Path of the vocabulary. */
  vocabularyFile: string;
}

/** How a directory is to be used. */
export interface LayoutOptions {
  /** Whether its weights are to come from elsewhere, or are not needed. */
  otherWeights: boolean;
  /** Whether its output layer is left out, or not looked at. */
  withoutHead: boolean;
}

/** A vocabulary of words, and those of other tokenizers; the first counts. */
const WORDS = ["vocab.json"];
const PIECES = ["vocab.txt", "tokenizer.json", "vocab.json"];

/** What a configuration may be called; the second is of BERT's first days. */
const CONFIGS = ["config.json", "bert_config.json"];

/**
 * Tells whose model a directory holds.
 *
 * @param listing The directory.
 * @param options How it is to be used.
 * @return Its files.
 * @throws UserError `bad-model` if it is no model directory, `changed-file` if
 *     its configuration is not as it was written.
 */
export async function recogniseModelDir(
  listing: Listing,
  { otherWeights, withoutHead }: LayoutOptions,
): Promise<ModelLayout> {
  const { directory, files, broken } = listing;
  for (const name of [...CONFIGS, ...PIECES]) {
    if (broken.has(name)) throw brokenLink(listing, name);
  }
  const config = await readConfig(listing);
  if (config === null && files.has("run.json")) throw unfinished(directory);
  const foreign = foreignKind(listing, {
    config: config !== null,
    weights: otherWeights || weightsIn(listing).length > 0,
  });
  if (foreign) {
    const { what, name, hint } = foreign;
    const table = files.has("table.json") ? await tellKind(directory) : "";
    throw badModel(
      directory,
      `it holds ${what} ("${name}")${table}`,
      hint.replaceAll("DIR", directory),
    );
  }
  if (config !== null) refuseConfig(directory, config, { withoutHead });
  const kind = config === null ? "d2l" : "format" in config ? "premise" : "hf";
  if (kind === "d2l" && !files.has("vocab.json")) throw withoutConfig(listing);
  // A model of another family has other files, and this is what to tell of it.
  if (kind === "hf") statedFamily(config!, join(directory, "config.json"));
  const own = kind === "hf"
    ? readOwnFields(config!, join(directory, "config.json"))
    : null;
  const possible = isOfWords(kind, config) ? WORDS : PIECES;
  const vocabulary = possible.find((name) => files.has(name));
  if (!vocabulary) {
    throw badModel(
      directory,
      `it has no ${possible.join(" or ")}`,
      "copy the tokenizer's files beside its config.json from where it came " +
        "from; scripts may save tokenizer and model apart",
    );
  }
  for (const name of PIECES.filter((name) => files.has(name))) {
    await refuseForeignText(join(directory, name));
  }
  const tokenizer = kind === "hf" && files.has("tokenizer_config.json")
    // People are told to change it, in the cache too.
    ? await readJsonObject(
      join(directory, "tokenizer_config.json"),
      readRegularText,
    )
    : {};
  const vocabularyFile = join(directory, vocabulary);
  return { kind, config, own, tokenizer, vocabularyFile };
}

/** The configuration; null if there is none. */
async function readConfig(
  { directory, files }: Listing,
): Promise<Record<string, unknown> | null> {
  const name = CONFIGS.find((name) => files.has(name));
  if (name === undefined) return null;
  const config = await readJsonObject(join(directory, name), readRecordedText);
  // Google's own files don't say what their name does.
  return name === "bert_config.json"
    ? { model_type: "bert", ...config }
    : config;
}

/** A vocabulary that is a web page would be one of few, odd words. */
async function refuseForeignText(path: string): Promise<void> {
  const foreign = await foreignFileAt(path, { isText: true });
  if (foreign === null) return;
  throw new UserError(`Cannot read "${path}": it is ${foreign.what}`, {
    code: "bad-model",
    hint: foreign.hint,
  });
}

function withoutConfig(listing: Listing): UserError {
  const { directory, files, folders } = listing;
  const weights = weightsIn(listing);
  const tokenizer = [...files].filter((name) =>
    /^(?:vocab|merges|tokenizer|special_tokens|added_tokens|spiece|sentencepiece)/
      .test(name)
  );
  if (weights.length > 0) {
    return badModel(
      directory,
      `it has weights (${listNames(weights)}), but no config.json, which ` +
        "tells what they are of",
      "copy config.json and the tokenizer's files beside them from where they " +
        "came from, or --weights names this file for a model that has them",
    );
  }
  if (tokenizer.length > 0) {
    return badModel(
      directory,
      `it has a tokenizer (${listNames(tokenizer)}), but no config.json and ` +
        "no weights",
      "name the model's directory; tokenizer and model may have been saved " +
        "apart",
    );
  }
  return badModel(
    directory,
    files.size + folders.size === 0
      ? "it is empty"
      : "it has neither config.json nor vocab.json",
  );
}

/** A run's configuration is written last, with the first model. */
function unfinished(directory: string): UserError {
  return new UserError(
    `Cannot open the model "${directory}": the run is not finished, and has ` +
      "no model before its first epoch is",
    {
      code: "bad-run",
      hint:
        `it goes on with: deno task finetune --out ${directory} --resume, ` +
        "and the flags that it began with",
    },
  );
}

function isOfWords(
  kind: ModelLayout["kind"],
  config: Record<string, unknown> | null,
): boolean {
  // Without a recipe it is of an earlier version.
  const tokenizer = Object(Object(config?.text).tokenizer).kind ??
    config?.tokenizer;
  return kind === "d2l" || kind === "premise" && tokenizer === "words";
}
