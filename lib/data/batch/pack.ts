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
  /**
   * 0 in the first sentence, up to its `<sep>`, and {@link LookUps.secondSegment}
   * in the second, [T].
   */
  readonly segments: Int32Array;
  /**
   * Position of each token in its example, from {@link LookUps.firstPosition},
   * [T].
   */
  readonly positions: Int32Array;
  /** Where each example starts, and where the last ends: [B + 1], last is T. */
  readonly offsets: Int32Array;
}

/** Which rows of its tables a model looks up, as its configuration says. */
export interface LookUps {
  /**
   * An example's first position. Where it is not 0, the token whose id is one
   * less is padding, which has that position and is not counted.
   */
  readonly firstPosition: number;
  /** The second sentence's segment. */
  readonly secondSegment: 0 | 1;
}

const BERT: LookUps = { firstPosition: 0, secondSegment: 1 };

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
 * @param lookUps The model's configuration; BERT's look-ups if not given.
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
export function packTokens(
  examples: readonly ExampleTokens[],
  lookUps: LookUps = BERT,
): PackedTokens {
  const offsets = new Int32Array(examples.length + 1);
  examples.forEach(({ tokenIds }, i) => {
    offsets[i + 1] = offsets[i] + tokenIds.length;
  });
  const total = offsets[examples.length];
  const tokenIds = new Int32Array(total);
  const segments = new Int32Array(total);
  examples.forEach((example, i) => {
    tokenIds.set(example.tokenIds, offsets[i]);
    segments.fill(
      lookUps.secondSegment,
      offsets[i] + example.second,
      offsets[i + 1],
    );
  });
  const positions = countPositions(offsets);
  if (lookUps.firstPosition > 0) {
    shiftPositions(positions, { tokenIds, offsets }, lookUps.firstPosition);
  }
  return { tokenIds, segments, positions, offsets };
}

/** Counts from a first position on, and passes over padding. */
function shiftPositions(
  positions: Int32Array,
  { tokenIds, offsets }: Pick<PackedTokens, "tokenIds" | "offsets">,
  first: number,
): void {
  const padding = first - 1;
  for (let b = 0; b < offsets.length - 1; b++) {
    let passed = 0;
    for (let t = offsets[b]; t < offsets[b + 1]; t++) {
      const pads = tokenIds[t] === padding;
      if (pads) passed++;
      positions[t] = pads ? padding : positions[t] - passed + first;
    }
  }
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
