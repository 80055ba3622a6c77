/**
 * Which rows of a gradient go to which row of a table, for kernels that add
 * them up without two of them writing to the same row.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Uses that are summed in one go. */
const CHUNK = 32;

/**
 * The uses of the rows of some tables, row by row. The rows are counted on
 * from table to table; a row's uses are cut into chunks, so that rows that
 * occur everywhere do not take much longer than others.
 */
export interface RowGroups {
  /** The index t of each use, by row and then in order. */
  uses: Int32Array;
  /**
   * Where in `uses` each chunk starts, and where the last one ends, over and
   * over to the most chunks that as many uses and rows can have.
   */
  chunks: Int32Array;
  /** The first chunk of each row, and one past the last one. */
  rows: Int32Array;
}

/**
 * Rows of a table that has one for each pair of a segment and a position, of
 * which there are few: sums by pair have the sums by either in them.
 *
 * @param segments Of each token, [T].
 * @param positions Of each token, [T].
 * @param count Rows of the position table.
 */
export function pairRows(
  segments: Int32Array,
  positions: Int32Array,
  count: number,
): Int32Array {
  const rows = new Int32Array(positions.length);
  for (let t = 0; t < rows.length; t++) {
    rows[t] = segments[t] * count + positions[t];
  }
  return rows;
}

/** Groups on the device. */
export type PlacedGroups = Record<keyof RowGroups, tf.Tensor1D>;

/** Puts groups on the device. */
export function placeGroups({ uses, chunks, rows }: RowGroups): PlacedGroups {
  return {
    uses: tf.tensor1d(uses, "int32"),
    chunks: tf.tensor1d(chunks, "int32"),
    rows: tf.tensor1d(rows, "int32"),
  };
}

/**
 * Groups look-ups by row.
 *
 * @param index For each table the row of each look-up, [T].
 * @param counts Rows of each table.
 *
 * @example
 * ```ts
 * import { groupRows } from "./row_groups.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { uses, chunks, rows } = groupRows([Int32Array.of(2, 0, 2)], [3]);
 * assertEquals([...uses], [1, 0, 2]);
 * assertEquals([...chunks], [0, 1, 3, 3]);
 * assertEquals([...rows], [0, 1, 1, 2]);
 * ```
 */
export function groupRows(
  index: readonly Int32Array[],
  counts: readonly number[],
): RowGroups {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const uses = new Int32Array(
    index.reduce((sum, values) => sum + values.length, 0),
  );
  const groups: RowGroups = {
    uses,
    // A row's last chunk may have a single use.
    chunks: new Int32Array(total + Math.floor(uses.length / CHUNK) + 1),
    rows: new Int32Array(total + 1),
  };
  const end: Cursor = { use: 0, chunk: 0, row: 0 };
  index.forEach((values, i) => groupTable(groups, end, values, counts[i]));
  groups.rows[total] = end.chunk;
  groups.chunks.fill(end.use, end.chunk);
  return groups;
}

/** Where the next table's groups begin. */
interface Cursor {
  use: number;
  chunk: number;
  row: number;
}

/** Groups one table's look-ups, and moves on to where they end. */
function groupTable(
  { uses, chunks, rows }: RowGroups,
  cursor: Cursor,
  values: Int32Array,
  count: number,
): void {
  // Where the next use of each row goes.
  const next = new Int32Array(count);
  for (let t = 0; t < values.length; t++) next[values[t]]++;
  let { use, chunk } = cursor;
  for (let row = 0; row < count; row++) {
    rows[cursor.row + row] = chunk;
    const end = use + next[row];
    next[row] = use;
    for (; use < end; use += CHUNK) chunks[chunk++] = use;
    use = end;
  }
  for (let t = 0; t < values.length; t++) uses[next[values[t]]++] = t;
  cursor.use = use;
  cursor.chunk = chunk;
  cursor.row += count;
}
