/** The golden files that the real frameworks wrote, as batches. */
import type { TokenBatch } from "../../../lib/model/bert.ts";

/** The parts of a `reference.json` that the tests read. */
export interface D2lReference {
  tokens: number[][];
  segments: number[][];
  valid_lens: number[];
  logits: number[][];
  labels: number[];
  lr: number;
  /** Of each example, before each step. */
  losses: number[][];
  pairs: { token_ids: number[]; segments: number[]; logits: number[] }[];
}

/** Packs padded rows: keeps the first `lengths[b]` of each. */
export function packRows(
  tokens: number[][],
  segments: number[][],
  lengths: number[],
): TokenBatch {
  const offsets = [0];
  const flat: number[][] = [[], [], []];
  lengths.forEach((length, b) => {
    offsets.push(offsets[b] + length);
    for (let i = 0; i < length; i++) {
      flat[0].push(tokens[b][i]);
      flat[1].push(segments[b][i]);
      flat[2].push(i);
    }
  });
  const [t, s, p] = flat.map((values) => Int32Array.from(values));
  return {
    tokens: t,
    segments: s,
    positions: p,
    offsets: Int32Array.from(offsets),
  };
}

/** Reads a golden directory's reference. */
export async function readReference<T>(directory: string): Promise<T> {
  const path = `fixtures/golden/${directory}/reference.json`;
  return JSON.parse(await Deno.readTextFile(path));
}

/** The largest absolute difference of two equally long lists. */
export function largestDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    // Written so that a NaN counts as a difference.
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
