/**
 * Tells whose model a directory holds, and which of its files are what.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { tellKind } from "../../base/files/directory_kind.ts";
import { readRegularText } from "../../base/files/regular.ts";
import { reasonOf } from "../../base/files/system_error.ts";
import { readRecordedText } from "../../hub/catalogue/recorded_digests.ts";

/** The files of a model directory, apart from its weights. */
export interface ModelLayout {
  /** Whose it is: ours, the book's or Hugging Face's. */
  kind: "premise" | "d2l" | "hf";
  /** The content of `config.json`; null for the book's, which has none. */
  config: Record<string, unknown> | null;
  /** The content of Hugging Face's `tokenizer_config.json`; empty without. */
  tokenizer: Record<string, unknown>;
  /** Path of the vocabulary. */
  vocabularyFile: string;
}

const VOCABULARIES = ["vocab.json", "vocab.txt", "tokenizer.json"];

/** The usual names of weights, in order of preference. */
const WEIGHTS: Record<ModelLayout["kind"], readonly string[]> = {
  premise: ["model.safetensors"],
  d2l: ["pretrained.params"],
  hf: [
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
  ],
};

const WEIGHT_EXTENSION = /\.(?:params|pt|pth|bin|npz|safetensors)$/;

/**
 * Tells whose model a directory holds.
 *
 * @param directory The directory.
 * @return Its files.
 * @throws UserError `bad-model` if it is no model directory, `changed-file` if
 *     its configuration is not as it was written.
 */
export async function recogniseModelDir(
  directory: string,
): Promise<ModelLayout> {
  const names = await listFiles(directory);
  const config = names.has("config.json")
    ? await readJsonObject(join(directory, "config.json"), readRecordedText)
    : null;
  if (config === null && names.has("run.json")) throw unfinished(directory);
  const kind = config === null ? "d2l" : "format" in config ? "premise" : "hf";
  const vocabulary = VOCABULARIES.find((name) =>
    names.has(name) && (name === "vocab.json") === isOfWords(kind, config)
  );
  if (!vocabulary) {
    const wanted = isOfWords(kind, config)
      ? "vocab.json"
      : "vocab.txt or tokenizer.json";
    throw badModel(
      `Cannot open the model "${directory}": it has no ${wanted}` +
        await tellKind(directory),
    );
  }
  const tokenizer = kind === "hf" && names.has("tokenizer_config.json")
    // People are told to change it, in the cache too.
    ? await readJsonObject(
      join(directory, "tokenizer_config.json"),
      readRegularText,
    )
    : {};
  const vocabularyFile = join(directory, vocabulary);
  return { kind, config, tokenizer, vocabularyFile };
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

/**
 * Finds a model's weights.
 *
 * @param directory The model directory.
 * @param kind Whose it is.
 * @param given A file that was asked for, in the working directory or the
 *     model's; without it, the usual one, or the only one there is.
 * @return The file's path.
 * @throws UserError `bad-model` if there is none, or more than one.
 */
export async function findWeights(
  directory: string,
  kind: ModelLayout["kind"],
  given?: string,
): Promise<string> {
  if (given !== undefined) {
    for (const path of [given, join(directory, given)]) {
      // What is read refuses a pipe by its kind.
      if (await isThere(path)) return path;
    }
    throw badModel(
      `Cannot open the model "${directory}": there is no file "${given}" (--weights)`,
    );
  }
  const names = await listFiles(directory);
  const usual = WEIGHTS[kind].find((name) => names.has(name));
  if (usual) return join(directory, usual);
  const others = [...names].filter((name) => WEIGHT_EXTENSION.test(name));
  if (others.length === 1) return join(directory, others[0]);
  throw badModel(
    others.length === 0
      ? `Cannot open the model "${directory}": it has no weights (${
        WEIGHTS[kind].join(", ")
      })`
      : `Cannot open the model "${directory}": its weights may be any of ${
        others.sort().join(", ")
      }; choose with --weights`,
  );
}

async function listFiles(directory: string): Promise<Set<string>> {
  const names = new Set<string>();
  try {
    for await (const entry of Deno.readDir(directory)) {
      if (!entry.isDirectory) names.add(entry.name);
    }
  } catch (cause) {
    throw badModel(
      `Cannot open the model "${directory}": ${(cause as Error).message}`,
    );
  }
  return names;
}

async function isThere(path: string): Promise<boolean> {
  try {
    return !(await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

/** The most bytes of a `config.json`, which has some hundred. */
const MAX_JSON_BYTES = 4 * 2 ** 20;

async function readJsonObject(
  path: string,
  read: (path: string) => Promise<string>,
): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    const { size } = await Deno.stat(path);
    if (size > MAX_JSON_BYTES) throw new Error(`it has ${size} bytes`);
    value = JSON.parse(await read(path));
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw badModel(`Cannot read "${path}": ${reasonOf(cause, path)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badModel(`Cannot read "${path}": it is not a JSON object`);
  }
  return value as Record<string, unknown>;
}

function badModel(message: string): UserError {
  return new UserError(message, {
    code: "bad-model",
    hint:
      "a model directory holds vocab.json and *.params, or config.json with weights and vocabulary (--model)",
  });
}
