/**
 * Sizes that few batches have alone: a step that was recorded can be played
 * again for every batch of the same sizes.
 *
 * @module
 */

/**
 * Rounds up to one of some sizes a power of two.
 *
 * @param count At least 1.
 * @param steps Sizes from a power of two to the next, a power of two itself:
 *   the result is less than 1/steps larger.
 *
 * @example
 * ```ts
 * import { roundUp } from "./rounding.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(roundUp(13_500, 32), 13_568);
 * assertEquals(roundUp(5, 32), 5);
 * ```
 */
export function roundUp(count: number, steps: number): number {
  const step = stepAt(count, steps);
  return Math.ceil(count / step) * step;
}

/** How far those sizes are from each other where a count is. */
export function stepAt(count: number, steps: number): number {
  return Math.max(1, 2 ** Math.floor(Math.log2(count)) / steps);
}
