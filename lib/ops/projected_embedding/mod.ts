/**
 * The encoder's input, which is a sum of look-ups, and attention's projections
 * of it.
 *
 *     x[t] = E[token[t]] + S[segment[t]] + P[position[t]]    x [T, K]
 *     y = [x W1^T + b1 | ... | x Wn^T + bn]    Wi [H, K], y [T, nH]
 *
 * A batch says the same words over and over: it has fewer rows in the tables
 * than tokens. So the kernels project the tables' rows, and sum those:
 *
 *     y[t] = E'[token[t]] + S'[segment[t]] + P'[position[t]] + b
 *     E' = E W^T,  S' = S W^T,  P' = P W^T    W = [W1; ...; Wn]
 *
 * which in exact arithmetic is the same; its gradients are products of sums by
 * row of dy. It takes tables that hold little more than the rows in use, and
 * nothing between the sum and the projections. One operation gives x, too, so
 * that the gradients of both go to the tables together.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { defineOps, hasKernel } from "../../device/define_op.ts";
import {
  embedding,
  type EmbeddingIndex,
  type EmbeddingTables,
} from "../embedding/mod.ts";
import type { Layer } from "../linear/mod.ts";
import { projections } from "../projections/mod.ts";
import "./cpu.ts";
import "./webgpu.ts";

const NAME = "ProjectedEmbedding";
const TABLES = ["token", "segment", "position"] as const;

/**
 * Whether projecting the tables is less work than projecting each token.
 *
 * @param tables Token, segment and position table.
 * @param batch What to look up.
 * @param training Whether a gradient of the projections will be asked for,
 *   which goes by way of the tables.
 */
export function projectsTables(
  [token]: EmbeddingTables,
  { index, positions, summable }: EmbeddingIndex,
  training: boolean,
): boolean {
  return hasKernel(NAME) && (summable || !training) &&
    token.shape[0] + positions < index[0].size;
}

/** The encoder's input and its projections. */
export interface ProjectedInput {
  /** [T, K]. */
  x: tf.Tensor2D;
  /** [T, nH], a layer after another. */
  projected: tf.Tensor2D;
}

/**
 * The sum of three look-ups and its projections.
 *
 * @param tables Token, segment and position table.
 * @param batch What to look up.
 * @param layers n layers of equal shapes.
 */
export function projectedEmbedding(
  tables: EmbeddingTables,
  batch: EmbeddingIndex,
  layers: readonly Layer[],
): ProjectedInput {
  const weights = layers.map((_, i) => `weight${i}`);
  const biases = layers.map((_, i) => `bias${i}`);
  const project = defineOps<string, EmbeddingIndex>(2, {
    name: NAME,
    inputs: [...TABLES, ...weights, ...biases],
    saves: [...TABLES, ...weights],
    reference: (inputs) => {
      const tables = TABLES.map((name) => inputs[name]) as EmbeddingTables;
      const x = embedding(tables, batch);
      const layers = weights.map((weight, i) => ({
        weight: inputs[weight] as tf.Tensor2D,
        bias: inputs[biases[i]] as tf.Tensor1D,
      }));
      return [x, projections(x, layers)];
    },
  });
  const [token, segment, position] = tables;
  const inputs: Record<string, tf.Tensor> = { token, segment, position };
  layers.forEach(({ weight, bias }, i) => {
    inputs[weights[i]] = weight;
    inputs[biases[i]] = bias;
  });
  const [x, projected] = project(inputs, batch) as tf.Tensor2D[];
  return { x, projected };
}
