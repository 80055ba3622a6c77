/**
 * The rows of a table that a batch reads, so that a step can work on these
 * few alone.
 *
 * @module
 */

/** Rows without their repetitions. */
export interface UniqueRows {
  /** Each row once, in the order of its first use, [U]. */
  rows: Int32Array;
  /** Where in `rows` each use's row is, [T]. */
  slots: Int32Array;
}

/**
 * Finds the rows that look-ups read.
 *
 * @param index The row of each use, [T].
 * @param count The table's rows.
 * @throws {RangeError} If a row is not in [0, count).
 *
 * @example
 * ```ts
 * import { uniqueRows } from "./unique_rows.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { rows, slots } = uniqueRows(Int32Array.of(7, 2, 7), 10);
 * assertEquals([[...rows], [...slots]], [[7, 2], [0, 1, 0]]);
 * ```
 */
export function uniqueRows(index: Int32Array, count: number): UniqueRows {
  if (slotOf.length < count) slotOf = new Int32Array(count);
  const rows = new Int32Array(Math.min(index.length, count));
  const slots = new Int32Array(index.length);
  let found = 0;
  try {
    for (let t = 0; t < index.length; t++) {
      const row = index[t];
      if (!(row >= 0 && row < count)) {
        throw new RangeError(`index ${row} is not in [0, ${count})`);
      }
      if (slotOf[row] === 0) {
        rows[found] = row;
        slotOf[row] = ++found;
      }
      slots[t] = slotOf[row] - 1;
    }
  } finally {
    for (let slot = 0; slot < found; slot++) slotOf[rows[slot]] = 0;
  }
  return { rows: rows.slice(0, found), slots };
}

/**
 * One more than each row's slot while rows are found, else 0. It is kept: as
 * large as the table, a new one at each step would keep the garbage collector
 * at work.
 */
let slotOf = new Int32Array();
