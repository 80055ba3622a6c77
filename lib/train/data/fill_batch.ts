/**
 * Rounds up how many tokens a batch has, so that many batches have sizes in
 * common. What is added are examples of their own that count nothing: their
 * targets are 0 and so are all gradients from them.
 *
 * @module
 */
import { roundUp, stepAt } from "../../optim/rounding.ts";
import type { MicroBatch } from "./micro_batches.ts";

/** Sizes from a power of two to the next: about 1 % more tokens. */
const SIZES = 32;
/** About so many tokens an example that is added has at most. */
const FILLER = 32;

/**
 * Adds examples without a class (label -1) to a batch.
 *
 * @param batch The examples; the first token of the first one fills.
 * @return The same with a rounded number of tokens, and some examples more.
 */
export function fillBatch(batch: MicroBatch): MicroBatch {
  const { tableSlots, offsets } = batch;
  const count = tableSlots.length;
  const fillers = Math.ceil(stepAt(count, SIZES) / FILLER);
  // Each filler has a token at least.
  const total = roundUp(count + fillers, SIZES);
  const positions = lengthened(batch.positions, total, 1);
  const ends = lengthened(offsets, offsets.length + fillers, total);
  for (let i = 0; i < fillers; i++) {
    const start = count + Math.floor(i * (total - count) / fillers);
    ends[batch.labels.length + i] = start;
    positions[start] = 0;
  }
  return {
    ...batch,
    tableSlots: lengthened(tableSlots, total, tableSlots[0]),
    segments: lengthened(batch.segments, total, 0),
    positions,
    offsets: ends,
    labels: lengthened(batch.labels, batch.labels.length + fillers, -1),
  };
}

/** An array with a value at its end, as often as it takes. */
function lengthened(
  values: Int32Array,
  length: number,
  value: number,
): Int32Array {
  const all = new Int32Array(length).fill(value, values.length);
  all.set(values);
  return all;
}
