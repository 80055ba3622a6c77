/**
 * Writes a model directory: Hugging Face's models in transformers' form, others
 * in our own.
 *
 * @module
 */
import { replaceSummed } from "../base/files/summed_files.ts";
import { readTokenizerFiles } from "../text/tokenizer_files.ts";
import { nameForTransformers } from "./families/names.ts";
import type { NamedArrays } from "./formats/arrays.ts";
import { writeSafetensors } from "./formats/safetensors.ts";
import { describeForTransformers } from "./hugging_face/write_config.ts";
import type { ModelConfig } from "./model_config.ts";

/** What makes a model directory. */
export interface ModelToWrite {
  /** What the model is. */
  config: ModelConfig;
  /**
   * Of a Hugging Face model, the `config.json` that it came with: what is still
   * true of that is kept. Without it, the fields are made from `config`.
   */
  fields?: Readonly<Record<string, unknown>> | null;
  /**
   * Path of the vocabulary, which is copied under its own name, with all other
   * files of a tokenizer that lie beside it.
   */
  vocabularyFile: string;
  /** The parameters by neutral name, as {@link parameterShapes} lists them. */
  arrays: NamedArrays;
}

/**
 * Writes a model directory that {@link openModelDir} opens, and of Hugging Face's
 * models `AutoModelForSequenceClassification` and `AutoTokenizer` too: the
 * vocabulary, `model.safetensors`, `config.json`, and their digests in
 * `SHA256SUMS`. No file is ever seen half written, and `config.json`, which makes
 * the directory a model's, comes last.
 *
 * @param directory The directory, made if need be.
 * @param model The model.
 * @throws UserError If a file of the tokenizer cannot be read.
 *
 * @example
 * ```ts
 * import { openModelDir } from "./model_dir.ts";
 * import { writeModelDir } from "./write_model_dir.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const model = await openModelDir("fixtures/golden/hf");
 * await writeModelDir(folder, model);
 * const written = JSON.parse(await Deno.readTextFile(`${folder}/config.json`));
 * assertEquals(written.architectures, ["BertForSequenceClassification"]);
 * assertEquals((await openModelDir(folder)).config, model.config);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeModelDir(
  directory: string,
  model: ModelToWrite,
): Promise<void> {
  const { config, fields, vocabularyFile, arrays } = model;
  const described = describeForTransformers(config, {
    fields: fields ?? {},
    hasHead: arrays.has("classifier.weight"),
  });
  const named = described === null
    ? arrays
    : nameForTransformers(arrays, config.family);
  const text = JSON.stringify(described ?? config, null, 2) + "\n";
  await Deno.mkdir(directory, { recursive: true });
  await replaceSummed(directory, {
    ...await readTokenizerFiles(vocabularyFile),
    "model.safetensors": writeSafetensors(named),
    "config.json": [new TextEncoder().encode(text)],
  });
}
