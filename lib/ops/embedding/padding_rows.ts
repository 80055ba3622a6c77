/**
 * Rows of tables that learn nothing: padding's, as PyTorch's `padding_idx` has
 * it. They are looked up like any other, and their gradient is 0.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Of each table its padding row; of none, or null, all rows learn. */
export type PaddingRows = readonly (number | null)[];

/** Of each table 0 where a row learns nothing, else 1: [rows, 1]. */
export type LearningRows = readonly (tf.Tensor2D | null)[];

/**
 * Puts on the device which rows learn, of tables whose padding row is looked up:
 * the gradient of the others is 0 there as it is.
 *
 * @param values For each table the row of each look-up, [T].
 * @param counts Rows of each table.
 * @param padding The padding rows.
 */
export function placeLearningRows(
  values: readonly Int32Array[],
  counts: readonly number[],
  padding: PaddingRows,
): LearningRows {
  return values.map((rows, i) => {
    const row = padding[i] ?? null;
    if (row === null || !rows.includes(row)) return null;
    const learning = new Float32Array(counts[i]).fill(1);
    learning[row] = 0;
    return tf.tensor2d(learning, [counts[i], 1]);
  });
}

/**
 * The same tables, whose padding rows get a gradient of 0. What looks them up
 * cannot leave those uses out, as they count in the gradient of whatever else
 * takes part in it.
 *
 * @param tables The tables.
 * @param learning Which of their rows learn; all if not given.
 */
export function withPaddingRows<Tables extends tf.Tensor2D[]>(
  tables: Tables,
  learning: LearningRows = [],
): Tables {
  return tables.map((table, i) => {
    const rows = learning[i];
    if (!rows) return table;
    const same = tf.customGrad((table) => ({
      value: tf.clone(table as tf.Tensor2D),
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, rows),
    }));
    return same(table);
  }) as Tables;
}
