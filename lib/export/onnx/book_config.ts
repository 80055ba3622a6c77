/**
 * `config.json` of a model of the book's, by which transformers.js looks up what
 * a model takes.
 *
 * @module
 */
import { huggingFaceFamily } from "../../weights/families/families.ts";
import type { ModelConfig } from "../../weights/model_config.ts";

/**
 * A model of the book's as a BERT of transformers. The fields don't say what is
 * computed: the graph alone does.
 *
 * @param config The model.
 * @param padding Id of the token that fills what is shorter, if there is one.
 */
export function describeBook(
  config: ModelConfig,
  padding: number | undefined,
): Record<string, unknown> {
  const { modelType, classPrefix, describe } = huggingFaceFamily("hf-bert");
  const { labels } = config;
  return {
    architectures: [`${classPrefix}ForSequenceClassification`],
    model_type: modelType,
    id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
    problem_type: "single_label_classification",
    dtype: "float32",
    ...(padding === undefined ? {} : { pad_token_id: padding }),
    ...describe(config),
  };
}
