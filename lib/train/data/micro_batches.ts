/**
 * Cuts a batch into parts that fit into memory. A step over the parts is the
 * step over the whole, to rounding: losses are divided by the whole batch's
 * examples, gradients are summed, and dropout goes by an example's place in
 * the whole batch.
 *
 * @module
 */
import type { LookUpBatch } from "../../ops/batch/place_batch.ts";

/** A part of a batch. */
export interface MicroBatch extends LookUpBatch {
  /** The first example's index in the whole batch. */
  first: number;
  /** Class indices, one an example. */
  labels: Int32Array;
}

/**
 * Cuts a batch between examples.
 *
 * @param batch The whole batch.
 * @param mostTokens Tokens a part may have; a longer example is a part alone.
 * @return The parts in order; they view the batch's arrays.
 */
export function* microBatches(
  batch: Omit<MicroBatch, "first">,
  mostTokens: number,
): Generator<MicroBatch> {
  const { offsets } = batch;
  const size = batch.labels.length;
  for (let first = 0; first < size;) {
    let last = first + 1;
    while (
      last < size && offsets[last + 1] - offsets[first] <= mostTokens
    ) last++;
    const [start, end] = [offsets[first], offsets[last]];
    yield {
      first,
      tableSlots: batch.tableSlots.subarray(start, end),
      segments: batch.segments.subarray(start, end),
      positions: batch.positions.subarray(start, end),
      offsets: offsets.slice(first, last + 1).map((offset) => offset - start),
      labels: batch.labels.subarray(first, last),
    };
    first = last;
  }
}
