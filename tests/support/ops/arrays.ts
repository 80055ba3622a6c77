/** Arrays that the operations are tested on, and how results are compared. */
import { assert } from "@std/assert";
import { mix } from "../../../lib/ops/dropout/mask.ts";
import {
  elementCount,
  type FloatArray,
} from "../../../lib/weights/formats/arrays.ts";

/** Uniform in [-1, 1) * scale, the same for the same seed. */
export function randomArray(
  shape: number[],
  seed: number,
  scale = 1,
): FloatArray {
  const data = new Float32Array(elementCount(shape));
  for (let i = 0; i < data.length; i++) {
    data[i] = scale * mix(mix(seed + 1) ^ i) / 2 ** 31;
  }
  return { shape, data };
}

/** Where examples of these lengths begin in a packed batch, and its end. */
export function offsetsOf(lengths: readonly number[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, b) => offsets[b + 1] = offsets[b] + length);
  return offsets;
}

/**
 * The largest difference of two lists, as a share of the largest number
 * expected: an element near 0 is a sum of larger ones that cancel, and carries
 * their rounding.
 */
export function relativeError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  let error = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    // Written so that a NaN counts as an error.
    const difference = Math.abs(actual[i] - expected[i]);
    if (!(difference <= error)) error = difference;
  }
  return error === 0 ? 0 : error / largest;
}

/** Fails if {@link relativeError} is above a tolerance. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "the result",
): void {
  const error = relativeError(actual, expected);
  assert(
    error <= tolerance,
    `${what} is off by ${error.toExponential(1)} of its largest element, ` +
      `more than ${tolerance}`,
  );
}
