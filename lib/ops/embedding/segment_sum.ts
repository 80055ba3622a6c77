/**
 * Sums of rows that share an index, as a tree of row moves.
 *
 *     y[i] = sum of x[t] over all t with index[t] = i    x [T, H], y [V, H]
 *
 * It is the gradient of a look-up. The usual kernel adds floats atomically, in
 * an order that changes between runs; pairing rows level by level keeps one
 * order on every device, and rounds log T times instead of T.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { type RowMap, takeRows } from "../batch/padded_layout.ts";

/** One level: row i becomes left[i] + right[i]. */
interface Level {
  left: RowMap;
  right: RowMap;
}

/** How the rows of one batch are summed. */
export interface SegmentSum {
  levels: Level[];
  /** From the last level's rows to [V, H]; rows that never occur are 0. */
  spread: RowMap;
}

/**
 * Plans the sum.
 *
 * @param index Row of y of each row of x, [T], in [0, V).
 * @param rows Rows of y, V.
 */
export function planSegmentSum(index: Int32Array, rows: number): SegmentSum {
  let groups = groupByIndex(index);
  const levels: Level[] = [];
  while (groups.members.some((group) => group.length > 1)) {
    const left: number[] = [];
    const right: number[] = [];
    const mask: number[] = [];
    const members = groups.members.map((group) => {
      const sums: number[] = [];
      for (let i = 0; i < group.length; i += 2) {
        const paired = i + 1 < group.length;
        sums.push(left.length);
        left.push(group[i]);
        right.push(group[paired ? i + 1 : i]);
        mask.push(paired ? 1 : 0);
      }
      return sums;
    });
    levels.push({
      left: { index: tf.tensor1d(left, "int32") },
      right: {
        index: tf.tensor1d(right, "int32"),
        mask: tf.tensor2d(mask, [mask.length, 1]),
      },
    });
    groups = { keys: groups.keys, members };
  }
  const spread = new Int32Array(rows);
  const mask = new Float32Array(rows);
  groups.keys.forEach((key, i) => {
    spread[key] = groups.members[i][0];
    mask[key] = 1;
  });
  return {
    levels,
    spread: {
      index: tf.tensor1d(spread, "int32"),
      mask: tf.tensor2d(mask, [rows, 1]),
    },
  };
}

/**
 * Sums rows as planned.
 *
 * @param x [T, H].
 * @return [V, H].
 */
export function segmentSum(x: tf.Tensor2D, plan: SegmentSum): tf.Tensor2D {
  return tf.tidy(() => {
    let rows = x;
    for (const { left, right } of plan.levels) {
      rows = tf.add(takeRows(rows, left), takeRows(rows, right));
    }
    return takeRows(rows, plan.spread);
  });
}

function groupByIndex(
  index: Int32Array,
): { keys: number[]; members: number[][] } {
  const groups = new Map<number, number[]>();
  index.forEach((key, t) => {
    const group = groups.get(key);
    if (group) group.push(t);
    else groups.set(key, [t]);
  });
  return { keys: [...groups.keys()], members: [...groups.values()] };
}
