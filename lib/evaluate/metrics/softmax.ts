/**
 * From logits to probabilities.
 *
 * @module
 */

/**
 * Softmax in float64. The largest logit is taken off first, so that no power
 * overflows.
 *
 * @param logits Logits of the classes of one example, `[C]`.
 * @return Their probabilities, `[C]`, which sum to 1.
 *
 * @example
 * ```ts
 * import { softmax } from "./softmax.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(softmax([1000, 1000]), [0.5, 0.5]);
 * ```
 */
export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
