/** Attention and its gradients in float64, in plain loops. */
import { Packing, type Rows } from "../../../lib/ops/batch/packing.ts";
import { attentionMask, type Dropout } from "../../../lib/ops/dropout/mask.ts";
import { offsetsOf } from "./arrays.ts";

/** What attention is called with. */
export interface AttentionCase {
  /** Tokens of each example. */
  lengths: number[];
  heads: number;
  /** Features of a head, d. */
  depth: number;
  rows: Rows;
  dropout?: Dropout;
}

/** What goes in: queries [T, H] or [B, H], keys and values [T, H]; and what its gradient starts from. */
export type AttentionArrays = Record<
  "query" | "key" | "value" | "slope",
  ArrayLike<number>
>;

/** What comes out: the value and the gradients. */
export type AttentionOutcome = Record<
  "y" | "query" | "key" | "value",
  Float64Array
>;

/** Attention in float64. */
export function exactAttention(
  options: AttentionCase,
  arrays: AttentionArrays,
): AttentionOutcome {
  const { lengths, heads, depth, rows, dropout } = options;
  const width = heads * depth;
  const { query, key, value, slope } = arrays;
  const offsets = offsetsOf(lengths);
  const longest = Math.max(...lengths);
  const asking = (b: number) => rows === "all" ? lengths[b] : 1;
  const mask = dropout ? maskOf(options, dropout) : undefined;
  const y = new Float64Array(query.length);
  const dq = new Float64Array(query.length);
  const dk = new Float64Array(key.length);
  const dv = new Float64Array(value.length);
  for (let b = 0; b < lengths.length; b++) {
    const [L, M] = [lengths[b], asking(b)];
    const own = rows === "all" ? offsets[b] : b;
    for (let h = 0; h < heads; h++) {
      const at = (row: number, i: number) => row * width + h * depth + i;
      for (let m = 0; m < M; m++) {
        const keep = (j: number) => {
          const queries = rows === "all" ? longest : 1;
          const row = (b * heads + h) * queries + m;
          return mask ? mask[row * longest + j] : 1;
        };
        const scores = Array.from({ length: L }, (_, j) => {
          let sum = 0;
          for (let i = 0; i < depth; i++) {
            sum += query[at(own + m, i)] * key[at(offsets[b] + j, i)];
          }
          return sum / Math.sqrt(depth);
        });
        const powers = scores.map((s) => Math.exp(s - Math.max(...scores)));
        const total = powers.reduce((a, c) => a + c);
        const p = powers.map((power) => power / total);
        // Slope of each probability, then of each score.
        const dp = p.map((_, j) => {
          let sum = 0;
          for (let i = 0; i < depth; i++) {
            const there = at(offsets[b] + j, i);
            y[at(own + m, i)] += keep(j) * p[j] * value[there];
            dv[there] += keep(j) * p[j] * slope[at(own + m, i)];
            sum += slope[at(own + m, i)] * value[there];
          }
          return keep(j) * sum;
        });
        const mean = dp.reduce((sum, d, j) => sum + d * p[j], 0);
        p.forEach((share, j) => {
          const ds = share * (dp[j] - mean) / Math.sqrt(depth);
          for (let i = 0; i < depth; i++) {
            dq[at(own + m, i)] += ds * key[at(offsets[b] + j, i)];
            dk[at(offsets[b] + j, i)] += ds * query[at(own + m, i)];
          }
        });
      }
    }
  }
  return { y, query: dq, key: dk, value: dv };
}

/** The mask of the probabilities, padded. */
export function maskOf(
  { lengths, heads, rows }: AttentionCase,
  dropout: Dropout,
): Float32Array {
  const packing = new Packing(offsetsOf(lengths), { padded: false });
  return attentionMask(packing, rows, heads, dropout);
}

/** Values by which a context shows each weight: token j has 1 at feature j. */
export function oneHotPositions(
  lengths: number[],
  heads: number,
  depth: number,
): number[][] {
  return lengths.flatMap((length) =>
    Array.from(
      { length },
      (_, j) =>
        Array.from({ length: heads * depth }, (_, i) => +(i % depth === j)),
    )
  );
}

/** The contexts of such values, 1 where the mask keeps a weight. */
export function keptPositions(
  options: AttentionCase,
  mask: Float32Array,
): number[] {
  const { lengths, heads, depth, rows } = options;
  const longest = Math.max(...lengths);
  const queries = rows === "all" ? longest : 1;
  const contexts: number[] = [];
  lengths.forEach((length, b) => {
    for (let m = 0; m < (rows === "all" ? length : 1); m++) {
      for (let h = 0; h < heads; h++) {
        const row = ((b * heads + h) * queries + m) * longest;
        for (let j = 0; j < depth; j++) {
          contexts.push(j < length && mask[row + j] > 0 ? 1 : 0);
        }
      }
    }
  });
  return contexts;
}
