/**
 * Which class of transformers reads a tokenizer's files: what counts of them
 * depends on it.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import { isObject, type JsonObject } from "./json_files.ts";
import type { TokenizerClass, TokenizerSources } from "./tokenizer_sources.ts";

/** Names of classes, and what they are names of in transformers 5. */
const CLASSES = new Map<string, TokenizerClass>([
  ["BertTokenizer", "BertTokenizer"],
  ["ElectraTokenizer", "BertTokenizer"],
  ["DistilBertTokenizer", "DistilBertTokenizer"],
  ["ConvBertTokenizer", "BertTokenizer"],
  ["LayoutLMTokenizer", "BertTokenizer"],
  ["LxmertTokenizer", "BertTokenizer"],
  ["MobileBertTokenizer", "BertTokenizer"],
  ["SqueezeBertTokenizer", "BertTokenizer"],
  ["RobertaTokenizer", "RobertaTokenizer"],
  ["BartTokenizer", "RobertaTokenizer"],
  ["LEDTokenizer", "RobertaTokenizer"],
  ["LongformerTokenizer", "RobertaTokenizer"],
  ["MvpTokenizer", "RobertaTokenizer"],
  ["PreTrainedTokenizer", "TokenizersBackend"],
  ["PythonBackend", "TokenizersBackend"],
  ["TokenizersBackend", "TokenizersBackend"],
]);

/** The class that reads a model's text where no file names one. */
const USUAL = new Map<string, TokenizerClass>([
  ["bert", "BertTokenizer"],
  ["distilbert", "BertTokenizer"],
  ["electra", "BertTokenizer"],
  ["roberta", "RobertaTokenizer"],
]);

/**
 * The class that transformers' `AutoTokenizer` takes.
 *
 * @param config The content of `tokenizer_config.json`.
 * @param sources What `config.json` says.
 * @param problems Gets what keeps it from being one of those.
 */
export function chooseClass(
  config: JsonObject,
  { modelType, modelsClass, class: chosen }: TokenizerSources,
  problems: string[],
): TokenizerClass | undefined {
  if (chosen) return chosen;
  const { auto_map: own, tokenizer_class: named } = config;
  if (isObject(own) ? own.AutoTokenizer != null : own != null) {
    problems.push(
      `tokenizer_config.json's auto_map is ${showValue(own)}: its tokenizer ` +
        "is a program of its own, expected one of transformers' classes",
    );
    return undefined;
  }
  const [file, name] = named == null
    ? ["config.json", modelsClass]
    : ["tokenizer_config.json", named];
  const found = name == null
    ? USUAL.get(modelType)
    : typeof name === "string"
    ? CLASSES.get(name.replace(/Fast$/, ""))
    : undefined;
  if (found) return found;
  problems.push(
    name == null
      ? `config.json's model_type is ${showValue(modelType)}, whose ` +
        `tokenizer is none of ${[...USUAL.keys()].join(", ")}`
      : `${file}'s tokenizer_class is ${showValue(name)}, expected one of ` +
        `${[...CLASSES.keys()].join(", ")}, with or without Fast`,
  );
  return undefined;
}

/**
 * Whether a tokenizer tells which of two sentences a token is of.
 *
 * @param settings The tokenizer's.
 * @param own The class that reads it.
 */
export function givesSegments(
  { model_input_names: names }: JsonObject,
  own: TokenizerClass,
): boolean {
  return Array.isArray(names)
    ? names.includes("token_type_ids")
    : own === "BertTokenizer";
}
