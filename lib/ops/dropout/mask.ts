/**
 * Dropout by a counter hash (Srivastava et al., 2014, with inverted scaling).
 *
 * Whether an element is kept is a pure function of (seed, step, site) and of
 * where the element stands: its example's index in the batch, its position
 * and feature, or its head, query and key. So every device, thread count and
 * packing draws the same mask, and a resumed run draws it again.
 *
 * @module
 */
import type { Packing, Rows } from "../batch/packing.ts";

/** Dropout at one site of the model in one step. */
export interface Dropout {
  /** The share of elements that become 0, in [0, 1). */
  rate: number;
  /** From {@link siteKey}; another one at each step. */
  readonly key: number;
}

/** Whether dropout is asked for, and drops anything. */
export function drops(dropout: Dropout | undefined): dropout is Dropout {
  return dropout !== undefined && dropout.rate > 0;
}

/** MurmurHash3's finalizer: a bijection of 32-bit words that mixes all bits. */
export function mix(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/**
 * The key of one dropout site in one step.
 *
 * @param seed The run's seed, 32 bits.
 * @param step Steps since the start of training.
 * @param site The place in the model, counted in the order of computation.
 */
export function siteKey(seed: number, step: number, site: number): number {
  return mix(mix(mix(seed ^ 0x9e3779b9) ^ step) ^ site);
}

/** The row of a mask: one example and one of its positions (or head, query). */
function rowKey(key: number, example: number, row: number): number {
  return mix(mix(key ^ example) ^ row);
}

/** Whether element `index` of a row is kept, for `rate` as a 32-bit share. */
function keeps(row: number, index: number, threshold: number): boolean {
  return mix(row ^ Math.imul(index + 1, 0x9e3779b9)) >>> 0 >= threshold;
}

/** A rate as a share of 2^32: a hash below it drops. */
function thresholdOf(rate: number): number {
  return Math.floor(rate * 2 ** 32);
}

/** What kept elements are multiplied by, so that the mean stays. */
function keepScale(rate: number): number {
  return 1 / (1 - rate);
}

/** What kernels are told of dropout. */
export interface DropoutNumbers {
  key: number;
  /** A hash below it drops. */
  threshold: number;
  /** What kept elements are multiplied by. */
  scale: number;
}

/** The numbers of dropout; without it, all is kept as it is. */
export function dropoutNumbers(dropout: Dropout | undefined): DropoutNumbers {
  if (!drops(dropout)) return { key: 0, threshold: 0, scale: 1 };
  const { key, rate } = dropout;
  return { key, threshold: thresholdOf(rate), scale: keepScale(rate) };
}

/**
 * The mask of a layer's output: 0 or 1 / (1 - rate).
 *
 * @param packing Where examples and positions are.
 * @param rows Whether the layer has a row for each token or each `<cls>`.
 * @param width Features, H.
 * @return Elements of [T, H] or [B, H].
 */
export function featureMask(
  packing: Packing,
  rows: Rows,
  width: number,
  { rate, key }: Dropout,
): Float32Array {
  const { offsets, examples, first } = packing;
  const mask = new Float32Array(packing.rowCount(rows) * width);
  const threshold = thresholdOf(rate);
  const scale = keepScale(rate);
  let at = 0;
  for (let example = 0; example < examples; example++) {
    const length = rows === "all" ? offsets[example + 1] - offsets[example] : 1;
    for (let position = 0; position < length; position++) {
      const row = rowKey(key, first + example, position);
      for (let i = 0; i < width; i++, at++) {
        if (keeps(row, i, threshold)) mask[at] = scale;
      }
    }
  }
  return mask;
}

/**
 * The mask of attention's probabilities, padded: 0 or 1 / (1 - rate), and 0
 * where there is no token.
 *
 * @param packing Where examples are.
 * @param rows Whether all tokens or only `<cls>` ask.
 * @param heads Attention heads, at most 65,536.
 * @return Elements of [B, heads, queries, L].
 */
export function attentionMask(
  packing: Packing,
  rows: Rows,
  heads: number,
  { rate, key }: Dropout,
): Float32Array {
  const { offsets, examples, longest, first } = packing;
  const queries = rows === "all" ? longest : 1;
  const mask = new Float32Array(examples * heads * queries * longest);
  const threshold = thresholdOf(rate);
  const scale = keepScale(rate);
  for (let example = 0; example < examples; example++) {
    const length = offsets[example + 1] - offsets[example];
    for (let head = 0; head < heads; head++) {
      for (let query = 0; query < Math.min(queries, length); query++) {
        const row = rowKey(key, first + example, (head << 16) | query);
        const at = ((example * heads + head) * queries + query) * longest;
        for (let i = 0; i < length; i++) {
          if (keeps(row, i, threshold)) mask[at + i] = scale;
        }
      }
    }
  }
  return mask;
}
