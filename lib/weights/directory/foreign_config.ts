/**
 * Configurations of models that no weights would make usable here, and of other
 * programs: judged before any weights are read.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import { badModel } from "./bad_model.ts";

/** The content of a `config.json`. */
type Config = Readonly<Record<string, unknown>>;

/** How a model is to be used. */
export interface ConfigUse {
  /** Whether its output layer is left out. */
  withoutHead: boolean;
}

/** What is refused, and why. */
interface Refusal {
  /** Whether a configuration is such a one. */
  is(config: Config, use: ConfigUse): boolean;
  /** As a clause about it. */
  problem(config: Config): string;
  /** What to do. */
  hint: string;
}

const NAME_MODEL = "name a directory of BERT, DistilBERT, ELECTRA or RoBERTa";

const REFUSALS: readonly Refusal[] = [
  {
    is: ({ quantization_config: quantized }) => quantized != null,
    problem: ({ quantization_config: quantized }) =>
      `its weights are quantized by ${
        methodOf(Object(quantized))
      } (quantization_config), expected 32 or 16 bits`,
    hint: "take the model that was quantized; or in Python: " +
      "model.dequantize(), then save_pretrained(OUT)",
  },
  {
    is: (config, { withoutHead }) => !withoutHead && hasOneOutput(config),
    problem: () =>
      "its output layer has one output, a score as of a CrossEncoder or a " +
      "regression, expected one for each class",
    hint: "finetune --new-head puts an output layer for classes on it",
  },
  {
    is: (config) => "pooling_mode_mean_tokens" in config,
    problem: () => "it holds the pooling of a sentence encoder alone",
    hint: "name the directory that has modules.json",
  },
  {
    is: (config) => "_class_name" in config || "_diffusers_version" in config,
    problem: () => "it holds a part of a pipeline of diffusers",
    hint: NAME_MODEL,
  },
  {
    is: (config) => "pretrained_cfg" in config,
    problem: () => "it holds an image model of timm",
    hint: NAME_MODEL,
  },
  {
    is: (config) => "dataset_reader" in config,
    problem: () => "it holds a model of AllenNLP",
    hint: NAME_MODEL,
  },
];

/**
 * Refuses a configuration that no weights would make usable.
 *
 * @param directory Where it lies, for the error.
 * @param config The content of `config.json`.
 * @param use How the model is to be used.
 * @throws UserError `bad-model`.
 */
export function refuseConfig(
  directory: string,
  config: Config,
  use: ConfigUse,
): void {
  const refusal = REFUSALS.find(({ is }) => is(config, use));
  if (refusal) throw badModel(directory, refusal.problem(config), refusal.hint);
}

/**
 * Whether a model's output layer gives a single number.
 *
 * @param config The content of `config.json`.
 */
export function hasOneOutput(
  { architectures, id2label, num_labels: count }: Config,
): boolean {
  const classifies = Array.isArray(architectures) &&
    architectures.some((name) =>
      typeof name === "string" && name.endsWith("ForSequenceClassification")
    );
  if (!classifies) return false;
  const named = typeof id2label === "object" && id2label !== null
    ? Object.keys(id2label).length
    : undefined;
  return (named ?? count) === 1;
}

/** Who quantized a model, as its configuration calls it. */
function methodOf(
  { quant_method: method, load_in_4bit: four, load_in_8bit: eight }: Config,
): string {
  if (method !== undefined) return showValue(method).replaceAll('"', "");
  return four || eight ? "bitsandbytes" : "a method that it does not name";
}
