/**
 * The input of the encoder: a sum of three look-ups.
 *
 *     y[t] = E[token[t]] + S[segment[t]] + P[position[t]]    y [T, H]
 *
 * E [V, H], S [2, H], P [M, H] are learned (Devlin et al., 2018). One
 * operation, since all three share the gradient dy, which goes to each table
 * as a sum of rows.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { planSegmentSum, type SegmentSum, segmentSum } from "./segment_sum.ts";

/** The three tables, in the order token, segment, position. */
export type EmbeddingTables = [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];

/** What a batch looks up, on the device. */
export interface EmbeddingIndex {
  /** Token, segment and position of each token, [T] each. */
  index: tf.Tensor1D[];
  /** How each table's gradient is summed; none where no gradient is wanted. */
  sums?: SegmentSum[];
}

/**
 * Puts a batch's look-ups on the device.
 *
 * @param index Token, segment and position of each token, [T] each.
 * @param tables The tables that they are for.
 * @param training Whether a gradient will be asked for.
 * @throws {RangeError} If an index lies outside its table and `training`.
 */
export function embeddingIndex(
  index: readonly Int32Array[],
  tables: EmbeddingTables,
  training: boolean,
): EmbeddingIndex {
  const tensors = index.map((values) => tf.tensor1d(values, "int32"));
  if (!training) return { index: tensors };
  return {
    index: tensors,
    sums: index.map((values, i) => planSegmentSum(values, tables[i].shape[0])),
  };
}

/**
 * The sum of the three look-ups.
 *
 * @param tables Token, segment and position table.
 * @param batch What to look up, from {@link embeddingIndex}.
 * @return [T, H].
 */
export function embedding(
  tables: EmbeddingTables,
  { index, sums }: EmbeddingIndex,
): tf.Tensor2D {
  const lookUp = tf.customGrad((...args) => ({
    value: tf.addN((args.slice(0, 3) as tf.Tensor2D[])
      .map((table, i) => tf.gather(table, index[i]))),
    gradFunc: (dy: tf.Tensor) => {
      if (!sums) throw new Error("no gradient was planned for this batch");
      return sums.map((sum) => segmentSum(dy as tf.Tensor2D, sum));
    },
  }));
  return lookUp(...tables) as tf.Tensor2D;
}
