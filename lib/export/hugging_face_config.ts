/**
 * `config.json` as transformers writes it for a classifier.
 *
 * @module
 */
import { huggingFaceFamily } from "../weights/families/families.ts";
import type { FamilyName, ModelConfig } from "../weights/model_config.ts";

/** What a model is called in transformers' terms. */
export interface DescribeOptions {
  /** The family whose fields it has; its own if not given. */
  family?: FamilyName;
  /** Id of the token that fills what is shorter; none if not known. */
  padding: number | undefined;
}

/**
 * A model as `config.json`, with what transformers has no field for under
 * `premise`: how its text is made.
 *
 * @param config The model.
 * @param options What it does not say.
 */
export function describeForTransformers(
  config: ModelConfig,
  { family = config.family, padding }: DescribeOptions,
): Record<string, unknown> {
  const { modelType, classPrefix, describe } = huggingFaceFamily(family);
  const { labels, text } = config;
  const fields = {
    architectures: [`${classPrefix}ForSequenceClassification`],
    model_type: modelType,
    id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
    problem_type: "single_label_classification",
    dtype: "float32",
  };
  const pad = padding === undefined ? {} : { pad_token_id: padding };
  return { ...fields, ...pad, ...describe(config), premise: { text } };
}
