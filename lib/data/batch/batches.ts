/**
 * Batches of a table's examples. They need no buckets by length, since their
 * examples are not padded to one.
 *
 * @module
 */
import type { Table } from "../table/table.ts";
import { type LookUps, type PackedTokens, packTokens } from "./pack.ts";

export { epochOrder } from "./order.ts";

/** B examples of T tokens together. */
export interface Batch extends PackedTokens {
  /** Examples, B. */
  readonly size: number;
  /** Class indices, [B]. */
  readonly labels: Int32Array;
  /** The examples' indices in the table, from 0, [B]. */
  readonly indices: Int32Array;
}

/** How {@link batches} cuts a table. */
export interface BatchOptions {
  /** Examples a batch, at least 1; the last batch may have fewer. */
  batchSize: number;
  /** Indices of the examples in the order to take them; all in order if not given. */
  order?: Uint32Array;
  /** Batches to leave out at the start, for a run that goes on. */
  from?: number;
  /** The model's configuration; BERT's look-ups if not given. */
  lookUps?: LookUps | undefined;
}

/**
 * Lays examples of a table end to end.
 *
 * @param table The table.
 * @param indices Which examples, in order; one may occur twice.
 * @param lookUps The model's configuration; BERT's look-ups if not given.
 */
export function packBatch(
  table: Table,
  indices: Uint32Array,
  lookUps?: LookUps,
): Batch {
  const { tokenIds, offsets, second, labels } = table;
  const examples = Array.from(indices, (i) => ({
    tokenIds: tokenIds.subarray(offsets[i], offsets[i + 1]),
    second: second[i],
  }));
  return {
    ...packTokens(examples, lookUps),
    size: indices.length,
    labels: Int32Array.from(indices, (i) => labels[i]),
    indices: Int32Array.from(indices),
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
  const { batchSize, lookUps, from = 0 } = options;
  const order = options.order ??
    Uint32Array.from({ length: table.rows }, (_, i) => i);
  for (let at = from * batchSize; at < order.length; at += batchSize) {
    yield packBatch(table, order.subarray(at, at + batchSize), lookUps);
  }
}
