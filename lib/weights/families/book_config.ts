/**
 * The configuration of the book's BERT, which ships without one.
 *
 * @module
 */
import { newestRules } from "../../text/recipe.ts";
import { badWeights } from "../formats/bad_weights.ts";
import type { ModelConfig, ModelOverrides } from "../model_config.ts";
import type { RenamedArrays } from "./names.ts";

/** The longest pair that is encoded unless told otherwise, as in the book. */
export const DEFAULT_MAX_LENGTH = 128;

/** Order of the book's labels, and of any model that names none. */
export const DEFAULT_LABELS = ["entailment", "contradiction", "neutral"];

/**
 * What the book's weights cannot tell. By default the dropout rate is the
 * book's 0.1, and the labels are {@link DEFAULT_LABELS}.
 */
export interface BookFacts extends ModelOverrides {
  /** Attention heads. */
  heads: number;
}

/**
 * Infers the configuration of a book's BERT from the shapes of its arrays.
 *
 * The rest is how the book's classes are written (chapters "BERT" and "Natural
 * Language Inference: Fine-Tuning BERT"): ReLU, layer norms with epsilon 1e-5
 * and none after the embedding, no dropout before the classifier.
 *
 * @param renamed The arrays by neutral name, the position table [M, H].
 * @param file The weight file's path, for errors.
 * @param facts What the weights cannot tell.
 * @return The configuration, not yet checked.
 * @throws UserError `bad-weights` if an array that tells a size is missing.
 */
export function inferBookConfig(
  renamed: RenamedArrays,
  file: string,
  facts: BookFacts,
): ModelConfig {
  const problems = [...renamed.problems];
  const table = (name: string): readonly number[] => {
    const shape = renamed.arrays.get(name)?.shape;
    if (shape?.length === 2) return shape;
    const fileName = renamed.fileNames.get(name) ?? name;
    problems.push(
      shape
        ? `array "${fileName}" has shape [${
          shape.join(", ")
        }], expected two dimensions`
        : `array ${name} is missing, which tells the model's size`,
    );
    return [0, 0];
  };
  const [vocabulary, hidden] = table("embeddings.token.weight");
  const [segments] = table("embeddings.segment.weight");
  const [positions] = table("embeddings.position.weight");
  const [feedForward] = table("layers.0.ffn.up.weight");
  if (problems.length > renamed.problems.length) {
    throw badWeights(file, problems);
  }
  return {
    format: "premise-2",
    family: "d2l-bert",
    vocabulary,
    hidden,
    feedForward,
    heads: facts.heads,
    blocks: countBlocks(renamed),
    positions,
    segments,
    activation: "relu",
    normEpsilon: 1e-5,
    embeddingNorm: false,
    dropout: facts.dropout ?? 0.1,
    classifierDropout: 0,
    text: {
      rules: newestRules("words"),
      tokenizer: { kind: "words", lowerCase: true },
      maxLength: facts.maxLength ?? Math.min(DEFAULT_MAX_LENGTH, positions),
      truncation: "longest-first",
    },
    labels: [...facts.labels ?? DEFAULT_LABELS],
  };
}

/** Counts from block 0 to the first gap; what is beyond it has no place. */
function countBlocks(renamed: RenamedArrays): number {
  const present = new Set(
    renamed.arrays.keys().map((name) => /^layers\.(\d+)\./.exec(name)?.[1]),
  );
  let blocks = 0;
  while (present.has(String(blocks))) blocks++;
  return blocks;
}
