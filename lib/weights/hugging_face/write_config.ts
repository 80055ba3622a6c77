/**
 * A model as transformers' `config.json` of a classifier.
 *
 * @module
 */
import { huggingFaceFamily, isHuggingFace } from "../families/families.ts";
import type { DropoutField, HuggingFaceFamily } from "../families/family.ts";
import type { ModelConfig } from "../model_config.ts";
import { OWN_KEY, type OwnFields } from "./own_fields.ts";

/** The content of a `config.json`. */
type Fields = Readonly<Record<string, unknown>>;

/** What is known of a model besides what it computes. */
export interface DescribeOptions {
  /**
   * The fields that it came with, which may say less or more than the model's;
   * none by default.
   */
  fields?: Fields;
  /** Whether it has an output layer; true by default. */
  hasHead?: boolean;
}

/**
 * Fields that say how a model was got, saved or used before, none of which is
 * true of what is trained from it and written as floats of 32 bits.
 */
const STALE = new Set([
  "auto_map",
  "finetuning_task",
  "num_labels",
  "quantization_config",
  "sbert_ce_default_activation_function",
  "sentence_transformers",
  "torch_dtype",
  // It tells that transformers has written the file.
  "transformers_version",
  OWN_KEY,
]);

/**
 * What may stand beside transformers' fields: rates that a family may have in a
 * field of another, and the padding row, which changes no logits.
 */
const BESIDE: readonly (DropoutField | "paddingRow")[] = [
  "dropout",
  "attentionDropout",
  "attendedDropout",
  "clsDropout",
  "classifierDropout",
  "paddingRow",
];

/**
 * A model in transformers' words: the fields that its `config.json` had, brought
 * up to date, and ours under `premise`.
 *
 * @param config The model.
 * @param options What is known of it besides.
 * @return Null if transformers would compute another model by what can be said:
 *     the book's, and those of a file that was changed by hand.
 */
export function describeForTransformers(
  config: ModelConfig,
  { fields = {}, hasHead = true }: DescribeOptions = {},
): Record<string, unknown> | null {
  if (!isHuggingFace(config.family)) return null;
  const family = huggingFaceFamily(config.family);
  const kept = Object.fromEntries(
    Object.entries(fields).filter(([name]) =>
      !STALE.has(name) && !name.startsWith("_")
    ),
  );
  const { labels } = config;
  const described = {
    ...kept,
    ...changedFields(config, kept, family),
    architectures: [
      family.classPrefix + (hasHead ? "ForSequenceClassification" : "Model"),
    ],
    model_type: family.modelType,
    id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
    problem_type: "single_label_classification",
    dtype: "float32",
  };
  const unsaid = unsaidFields(config, described, family);
  if (unsaid === null) return null;
  const { format, secondSegment, text } = config;
  const own: OwnFields = { format, secondSegment, ...unsaid, text };
  return { ...described, [OWN_KEY]: own };
}

/** The fields by which a model is another than the one that is told. */
function changedFields(
  config: ModelConfig,
  told: Fields,
  { describe, translate }: HuggingFaceFamily,
): Record<string, unknown> {
  const meant = translate(told, []);
  const before: Fields = meant ? describe(meant) : {};
  return Object.fromEntries(
    Object.entries(describe(config)).filter(([name, value]) =>
      // Defaults are transformers' own, and may be others in its next version.
      value !== before[name] || !(name in told)
    ),
  );
}

/**
 * What may stand beside the fields and they don't say; null if they don't say
 * something else of the model.
 */
function unsaidFields(
  config: ModelConfig,
  described: Fields,
  { translate }: HuggingFaceFamily,
): Partial<OwnFields> | null {
  const said = translate(described, []);
  if (!said) return null;
  const names = Object.keys(said) as (keyof typeof said)[];
  // Of models that have no word on their padding row, all rows learn.
  const own = { ...config, paddingRow: config.paddingRow ?? null };
  const unsaid = names.filter((name) => said[name] !== own[name]);
  const beside = BESIDE.filter((name) => unsaid.includes(name));
  if (beside.length < unsaid.length) return null;
  return Object.fromEntries(beside.map((name) => [name, own[name]]));
}
