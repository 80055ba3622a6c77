/**
 * Which files of a repository a model is: its configuration, its tokenizer and
 * its weights in one format. The others are of other programs, and may be many
 * times as large.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import type { ChooseFiles } from "../download_options.ts";

/** What is small and tells how the model's text is made and its rows are read. */
const SMALL_FILES = [
  "config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "vocab.txt",
  "vocab.json",
  "merges.txt",
  "added_tokens.json",
  "special_tokens_map.json",
  // Of sentence-transformers.
  "modules.json",
  "sentence_bert_config.json",
  "config_sentence_transformers.json",
];

/** Where older models of sentence-transformers have all but `modules.json`. */
const SENTENCE_TRANSFORMER = "0_Transformer/";

/** Weights as one file or by an index of several, the best format first. */
const WEIGHTS = [
  { file: "model.safetensors", index: "model.safetensors.index.json" },
  { file: "pytorch_model.bin", index: "pytorch_model.bin.index.json" },
];

/** What other programs keep of a model, and what can be done about it. */
const FOREIGN: readonly [pattern: RegExp, what: string, hint: string][] = [
  [
    /^adapter_(?:config\.json|model\.)/,
    "an adapter (adapter_config.json) without the model it belongs to",
    "merge it into its model with PEFT's merge_and_unload() and save that",
  ],
  [
    /\.gguf$/,
    "weights of llama.cpp (.gguf)",
    "look for the model that they were made of",
  ],
  [
    /^tf_model\.h5$|\.ckpt\.(?:index|data)|^model\.ckpt/,
    "weights of TensorFlow",
    "transformers before version 5 converts them: " +
    "from_pretrained(NAME, from_tf=True).save_pretrained(DIR)",
  ],
  [
    /^flax_model\.msgpack$/,
    "weights of Flax",
    "transformers before version 5 converts them: " +
    "from_pretrained(NAME, from_flax=True).save_pretrained(DIR)",
  ],
  [
    /^(?:model|pytorch_model)\.[\w-]+(?:-\d{5}-of-\d{5})?\.(?:safetensors|bin)$/,
    "weights of variants alone",
    "save the one that is meant with transformers, as " +
    'from_pretrained(NAME, variant="fp16").save_pretrained(DIR)',
  ],
  [
    /\.onnx$/,
    "a graph of ONNX",
    "look for the model that it was made of",
  ],
];

/**
 * Chooses the files of a model.
 *
 * @param paths All files of the repository.
 * @param read Fetches one: an index of weights tells which others belong to it.
 * @throws {UserError} `bad-model`, saying what the repository has instead.
 *
 * @example
 * ```ts
 * import { chooseModelFiles } from "./model_files.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const paths = ["config.json", "model.safetensors", "pytorch_model.bin"];
 * assertEquals(
 *   await chooseModelFiles(paths, () => Promise.resolve("")),
 *   ["config.json", "model.safetensors"],
 * );
 * ```
 */
export const chooseModelFiles: ChooseFiles = async (paths, read) => {
  const all = new Set(paths);
  const top = all.has("config.json") ||
      !all.has(`${SENTENCE_TRANSFORMER}config.json`)
    ? ""
    : SENTENCE_TRANSFORMER;
  const wanted = [
    ...SMALL_FILES.map((name) => top + name),
    ...top === "" ? [] : SMALL_FILES,
  ];
  const small = wanted.filter((path) => all.has(path));
  const modules = paths.filter((path) => /^\d+_\w+\/config\.json$/.test(path));
  const weights = await chooseWeights(all, top, read);
  if (all.has(`${top}config.json`) && weights.length > 0) {
    return [...new Set([...small, ...modules, ...weights])];
  }
  throw noModel(paths, all.has(`${top}config.json`));
};

/** The files of the weights; none if there are none that are read. */
async function chooseWeights(
  all: ReadonlySet<string>,
  top: string,
  read: Parameters<ChooseFiles>[1],
): Promise<string[]> {
  for (const { file, index } of WEIGHTS) {
    if (all.has(top + file)) return [top + file];
    if (!all.has(top + index)) continue;
    const shards = shardsOf(await read(top + index), top + index)
      .map((name) => top + name);
    const missing = shards.filter((path) => !all.has(path));
    if (missing.length === 0) return [top + index, ...shards];
    throw badModel(
      `of the ${shards.length} files that ${top + index} lists, ` +
        `${missing.length} are missing, as ${missing[0]}`,
      "its owners have not published all of it",
    );
  }
  return [];
}

/** The files that an index of weights names. */
function shardsOf(text: string, index: string): string[] {
  let names: unknown[] = [];
  try {
    names = Object.values(Object(JSON.parse(text)).weight_map ?? {});
  } catch {
    // What is no JSON names no file.
  }
  if (
    names.length > 0 && names.every((name) => typeof name === "string")
  ) {
    return [...new Set(names as string[])].sort();
  }
  throw badModel(
    `${index} is no index of weights`,
    'expected {"weight_map": {"NAME": "FILE", ...}}',
  );
}

function noModel(paths: readonly string[], hasConfig: boolean): UserError {
  const foreign = FOREIGN.find(([pattern]) =>
    paths.some((path) => pattern.test(path))
  );
  const expected = "expected config.json and model.safetensors or " +
    "pytorch_model.bin, or an index and its files";
  if (foreign) {
    const [, what, hint] = foreign;
    return badModel(`it has ${what}, ${expected}`, hint);
  }
  return badModel(
    `it has no ${hasConfig ? "weights" : "config.json"}, ${expected}`,
    "is it a data set (--dataset), or a model of another library?",
  );
}

function badModel(reason: string, hint: string): UserError {
  return new UserError(reason, { code: "bad-model", hint });
}
