/**
 * The sum of three look-ups in TensorFlow.js operations.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { OpDefinition } from "../../device/define_op.ts";
import type { LearningRows } from "./padding_rows.ts";
import type { PlacedGroups } from "./row_groups.ts";
import { type SegmentSum, segmentSum } from "./segment_sum.ts";

/** The three tables, in the order token, segment, position. */
export type EmbeddingTables = [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];

/** What a batch looks up. */
export interface EmbeddingIndex {
  /** Token, segment and position of each token, [T] each. */
  values: readonly Int32Array[];
  /** The same on the device. */
  index: tf.Tensor1D[];
  /** Rows of the position table in use: no position from there on occurs. */
  positions: number;
  /** Whether gradients can be summed by row. */
  summable: boolean;
  /** Which rows of the tables learn, if not all of them do. */
  learning?: LearningRows;
  /** How the reference sums each table's gradient, if one is wanted. */
  sums?: SegmentSum[];
  /** How a GPU's kernels do: by token, then by pair of segment and position. */
  groups?: PlacedGroups;
}

/** The op. */
export const embeddingDefinition: OpDefinition<
  "token" | "segment" | "position",
  EmbeddingIndex,
  tf.Tensor
> = {
  name: "Embedding",
  inputs: ["token", "segment", "position"],
  saves: ["token", "segment", "position"],
  reference: ({ token, segment, position }, { index, sums }) => {
    const lookUp = tf.customGrad((...args) => ({
      value: tf.addN((args.slice(0, 3) as tf.Tensor2D[])
        .map((table, i) => tf.gather(table, index[i]))),
      gradFunc: (dy: tf.Tensor) => {
        if (!sums) throw new Error("no gradient was planned for this batch");
        return sums.map((sum) => segmentSum(dy as tf.Tensor2D, sum));
      },
    }));
    return lookUp(token, segment, position);
  },
};
