/**
 * Attention's projections of the encoder's input, which is a sum of look-ups.
 *
 *     x[t] = E[token[t]] + S[segment[t]] + P[position[t]]    x [T, H]
 *     y = [x W1^T + b1 | ... | x Wn^T + bn]    Wi [H, H], y [T, nH]
 *
 * A batch says the same words over and over: it has fewer rows in the tables
 * than tokens. So the kernels project the tables' rows, and sum those:
 *
 *     y[t] = E'[token[t]] + S'[segment[t]] + P'[position[t]]
 *     E' = E W^T,  S' = S W^T + b,  P' = P W^T    W = [W1; ...; Wn]
 *
 * which in exact arithmetic is the same. It takes tables that hold little more
 * than the rows in use, and nothing between the sum and the projections.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { defineOp, hasKernel } from "../../device/define_op.ts";
import {
  embedding,
  type EmbeddingIndex,
  type EmbeddingTables,
} from "../embedding/mod.ts";
import type { Layer } from "../linear/mod.ts";
import { projections } from "../projections/mod.ts";
import "./native.ts";

const NAME = "ProjectedEmbedding";
const TABLES = ["token", "segment", "position"] as const;

/** What the kernels need to know. */
export interface ProjectedEmbeddingAttributes extends EmbeddingIndex {
  /** Tokens of the longest example: positions from there on don't occur. */
  longest: number;
}

/** Whether projecting the tables is less work than projecting each token. */
export function projectsTables(
  [token]: EmbeddingTables,
  { index, longest }: ProjectedEmbeddingAttributes,
): boolean {
  return hasKernel(NAME) && token.shape[0] + longest < index[0].size;
}

/**
 * The projections of the sum of three look-ups.
 *
 * @param tables Token, segment and position table.
 * @param batch What to look up.
 * @param layers n layers of equal shapes.
 * @return [T, nH], a layer after another.
 */
export function projectedEmbedding(
  tables: EmbeddingTables,
  batch: ProjectedEmbeddingAttributes,
  layers: readonly Layer[],
): tf.Tensor2D {
  const weights = layers.map((_, i) => `weight${i}`);
  const biases = layers.map((_, i) => `bias${i}`);
  const project = defineOp<string, ProjectedEmbeddingAttributes>({
    name: NAME,
    inputs: [...TABLES, ...weights, ...biases],
    saves: [...TABLES, ...weights],
    reference: (inputs) =>
      projections(
        embedding(TABLES.map((name) => inputs[name]) as EmbeddingTables, batch),
        layers.map((_, i) => ({
          weight: inputs[weights[i]] as tf.Tensor2D,
          bias: inputs[biases[i]] as tf.Tensor1D,
        })),
      ),
  });
  const [token, segment, position] = tables;
  const inputs: Record<string, tf.Tensor> = { token, segment, position };
  layers.forEach(({ weight, bias }, i) => {
    inputs[weights[i]] = weight;
    inputs[biases[i]] = bias;
  });
  return project(inputs, batch) as tf.Tensor2D;
}
