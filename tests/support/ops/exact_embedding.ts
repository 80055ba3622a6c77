/** A sum of look-ups and its gradients in float64, in plain loops. */
import type { PaddingRows } from "../../../lib/ops/embedding/padding_rows.ts";
import type { Outcome } from "./op.ts";

/** Token, segment and position of each token of two examples. */
export const INDEX = [
  // Rows 0 and 6 are the table's first and last; 3 occurs five times.
  [0, 3, 3, 1, 3, 6, 3, 3],
  [0, 0, 1, 1, 1, 0, 0, 0],
  [0, 1, 2, 3, 4, 0, 1, 2],
];
/** Rows of the token, segment and position table. */
export const ROWS = [7, 2, 5];

/** Rows of these that are looked up and learn nothing. */
export const PADDING: PaddingRows = [3, null, 2];

/**
 * The gradients of {@link exactEmbedding}'s tables where some rows learn nothing.
 *
 * @param gradients By table; they are changed.
 * @param padding Of each table the row.
 * @param width Of a row.
 */
export function withoutPadding(
  gradients: Outcome["gradients"],
  padding: PaddingRows,
  width: number,
): Outcome["gradients"] {
  ["token", "segment", "position"].forEach((table, i) => {
    const row = padding[i] ?? null;
    if (row === null) return;
    const values = gradients[table] as Float64Array;
    values.fill(0, row * width, (row + 1) * width);
  });
  return gradients;
}

/** The sum of look-ups in float64. */
export function exactEmbedding(
  tables: Float32Array[],
  index: number[][],
  slope: ArrayLike<number>,
  width: number,
): Outcome {
  const value = new Float64Array(slope.length);
  const sums = tables.map((table) => new Float64Array(table.length));
  for (let at = 0; at < slope.length; at++) {
    const [t, i] = [Math.floor(at / width), at % width];
    tables.forEach((table, k) => {
      value[at] += table[index[k][t] * width + i];
      sums[k][index[k][t] * width + i] += slope[at];
    });
  }
  const [token, segment, position] = sums;
  return { value, gradients: { token, segment, position } };
}
