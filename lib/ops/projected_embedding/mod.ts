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
import type { EmbeddingIndex, EmbeddingTables } from "../embedding/mod.ts";
import { withPaddingRows } from "../embedding/padding_rows.ts";
import type { Layer } from "../linear/mod.ts";
import { layerInputs } from "../projections/reference.ts";
import "./cpu.ts";
import {
  PROJECTED_EMBEDDING,
  projectedEmbeddingDefinition,
} from "./reference.ts";
import "./webgpu.ts";

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
  return hasKernel(PROJECTED_EMBEDDING) && (summable || !training) &&
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
  const project = defineOps(2, projectedEmbeddingDefinition(layers.length));
  const [token, segment, position] = withPaddingRows(tables, batch.learning);
  const inputs = { token, segment, position, ...layerInputs(layers) };
  const [x, projected] = project(inputs, batch) as tf.Tensor2D[];
  return { x, projected };
}
