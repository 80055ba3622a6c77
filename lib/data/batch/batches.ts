/**
 * Batches of examples laid end to end: no padding, so nothing is computed that
 * is not there, and no buckets by length.
 *
 * @module
 */
import type { Table } from "../table/table.ts";

export { epochOrder } from "./order.ts";

/**
 * B examples of T tokens together. Segments and positions are of each token in
 * its own example.
 */
export interface Batch {
  /** Examples, B. */
  readonly size: number;
  /** Token ids, [T]. */
  readonly tokenIds: Int32Array;
  /** 0 up to and with the first `<sep>`, 1 after it, [T]. */
  readonly segments: Int32Array;
  /** From 0 in every example, [T]. */
  readonly positions: Int32Array;
  /** Where each example starts, and where the last ends: [B + 1], last is T. */
  readonly offsets: Int32Array;
  /** Class indices, [B]. */
  readonly labels: Int32Array;
  /** The examples' rows in the table, [B]. */
  readonly rows: Int32Array;
}

/** How {@link batches} cuts a table. */
export interface BatchOptions {
  /** Examples a batch, at least 1; the last batch may have fewer. */
  batchSize: number;
  /** Rows in the order to take them; the table's own if not given. */
  order?: Uint32Array;
  /** Batches to leave out at the start, for a run that goes on. */
  from?: number;
}

/**
 * Lays rows of a table end to end.
 *
 * @param table The table.
 * @param rows Which rows, in order; one may occur twice.
 */
export function packBatch(table: Table, rows: Uint32Array): Batch {
  const size = rows.length;
  const offsets = new Int32Array(size + 1);
  rows.forEach((row, i) => {
    offsets[i + 1] = offsets[i] + table.offsets[row + 1] - table.offsets[row];
  });
  const total = offsets[size];
  const tokenIds = new Int32Array(total);
  const segments = new Int32Array(total);
  const positions = new Int32Array(total);
  const labels = new Int32Array(size);
  rows.forEach((row, i) => {
    const [start, end] = [offsets[i], offsets[i + 1]];
    tokenIds.set(
      table.tokenIds.subarray(table.offsets[row], table.offsets[row + 1]),
      start,
    );
    segments.fill(1, start + table.second[row], end);
    for (let t = start; t < end; t++) positions[t] = t - start;
    labels[i] = table.labels[row];
  });
  return {
    size,
    tokenIds,
    segments,
    positions,
    offsets,
    labels,
    rows: Int32Array.from(rows),
  };
}

/**
 * The batches of one pass over a table.
 *
 * @param table The table.
 * @param options Size, order, and where to begin.
 * @return One batch after the other; packed when asked for.
 */
export function* batches(
  table: Table,
  options: BatchOptions,
): Generator<Batch, void, void> {
  const { batchSize, from = 0 } = options;
  const order = options.order ??
    Uint32Array.from({ length: table.rows }, (_, i) => i);
  for (let at = from * batchSize; at < order.length; at += batchSize) {
    yield packBatch(table, order.subarray(at, at + batchSize));
  }
}
