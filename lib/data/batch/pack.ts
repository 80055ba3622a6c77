/**
 * Lays examples end to end: no padding, so nothing is computed that is not
 * there.
 *
 * @module
 */

/** T tokens of B examples together. */
export interface PackedTokens {
  /** Token ids, [T]. */
  readonly tokenIds: Int32Array;
  /** 0 in the first sentence, up to its `<sep>`, and 1 in the second, [T]. */
  readonly segments: Int32Array;
  /** Position of each token in its example, from 0, [T]. */
  readonly positions: Int32Array;
  /** Where each example starts, and where the last ends: [B + 1], last is T. */
  readonly offsets: Int32Array;
}

/** The tokens of one example. */
export interface ExampleTokens {
  /** Token ids with the special ones. */
  readonly tokenIds: ArrayLike<number>;
  /** Index of the first token of segment 1; the length if there is none. */
  readonly second: number;
}

/**
 * Lays the tokens of examples end to end.
 *
 * @param examples The examples, in order.
 *
 * @example
 * ```ts
 * import { packTokens } from "./pack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { segments, offsets } = packTokens([
 *   { tokenIds: [1, 7, 2, 8, 2], second: 3 },
 *   { tokenIds: [1, 9, 2], second: 3 },
 * ]);
 * assertEquals(segments, Int32Array.of(0, 0, 0, 1, 1, 0, 0, 0));
 * assertEquals(offsets, Int32Array.of(0, 5, 8));
 * ```
 */
export function packTokens(examples: readonly ExampleTokens[]): PackedTokens {
  const offsets = new Int32Array(examples.length + 1);
  examples.forEach(({ tokenIds }, i) => {
    offsets[i + 1] = offsets[i] + tokenIds.length;
  });
  const total = offsets[examples.length];
  const tokenIds = new Int32Array(total);
  const segments = new Int32Array(total);
  examples.forEach((example, i) => {
    tokenIds.set(example.tokenIds, offsets[i]);
    segments.fill(1, offsets[i] + example.second, offsets[i + 1]);
  });
  return { tokenIds, segments, positions: countPositions(offsets), offsets };
}

/**
 * Counts the tokens of each example from 0.
 *
 * @param offsets Where each example starts, and where the last ends, [B + 1].
 * @return Position of each token in its example, [T].
 */
export function countPositions(offsets: Int32Array): Int32Array {
  const count = offsets.length - 1;
  const positions = new Int32Array(offsets[count]);
  for (let b = 0; b < count; b++) {
    for (let t = offsets[b]; t < offsets[b + 1]; t++) {
      positions[t] = t - offsets[b];
    }
  }
  return positions;
}
