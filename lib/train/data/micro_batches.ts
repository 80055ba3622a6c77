/**
 * Cuts a batch into micro-batches that fit into memory. A step over these is
 * the step over the whole, to rounding: losses are divided by the whole batch's
 * examples, gradients are summed, and dropout goes by an example's place in
 * the whole batch.
 *
 * @module
 */
import type { Batch } from "../../data/batch/batches.ts";
import type { LookUpBatch } from "../../ops/batch/place_batch.ts";

/** Examples of a batch whose tokens are computed at once. */
export interface MicroBatch extends LookUpBatch {
  /** The first example's index in the whole batch. */
  first: number;
  /** Class indices, one an example. */
  labels: Int32Array;
}

/** How a batch is cut. */
export interface MicroBatchOptions {
  /** The table slot of each of the batch's tokens, [T]. */
  tableSlots: Int32Array;
  /** Tokens that a micro-batch may have; a longer example is one alone. */
  mostTokens: number;
}

/**
 * Cuts a batch between examples.
 *
 * @param batch The whole batch.
 * @param options Where its tokens are looked up, and how many fit.
 * @return The micro-batches in order; they view the given arrays.
 */
export function* microBatches(
  batch: Batch,
  { tableSlots, mostTokens }: MicroBatchOptions,
): Generator<MicroBatch> {
  const { offsets, size } = batch;
  for (let first = 0; first < size;) {
    let last = first + 1;
    while (
      last < size && offsets[last + 1] - offsets[first] <= mostTokens
    ) last++;
    const [start, end] = [offsets[first], offsets[last]];
    yield {
      first,
      tableSlots: tableSlots.subarray(start, end),
      segments: batch.segments.subarray(start, end),
      positions: batch.positions.subarray(start, end),
      offsets: offsets.slice(first, last + 1).map((offset) => offset - start),
      labels: batch.labels.subarray(first, last),
    };
    first = last;
  }
}
