/**
 * What a classifier is asked to say, as shares of the classes.
 *
 *     q[c] = (1 - s) w[y] [c = y] + s / C w[c]
 *
 * for an example of class y of C, label smoothing s (Szegedy et al., 2015) and
 * class weights w, as PyTorch's `cross_entropy` has them: the mean divides by
 * the sum of w[y] over the batch.
 *
 * @module
 */

/** What the loss asks of the classes. */
export interface LossOptions {
  /** Share of each target that all classes get alike, s; 0 if undefined. */
  labelSmoothing: number | undefined;
  /** How much an example of each class counts, w [C]; 1 if undefined. */
  classWeights: readonly number[] | undefined;
}

/** How labels become targets. */
export interface TargetOptions extends LossOptions {
  /** Classes, C. */
  classes: number;
}

/**
 * The targets of examples.
 *
 * @param labels Class of each example, [B]; -1 if it counts nothing.
 * @param options Smoothing and weights.
 * @return q [B, C].
 *
 * @example
 * ```ts
 * import { classTargets } from "./targets.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const options = { classes: 2, labelSmoothing: 0.5, classWeights: undefined };
 * assertEquals(
 *   [...classTargets(Int32Array.of(0, 1), options)],
 *   [0.75, 0.25, 0.25, 0.75],
 * );
 * ```
 */
export function classTargets(
  labels: Int32Array,
  { classes, labelSmoothing = 0, classWeights }: TargetOptions,
): Float32Array {
  const targets = new Float32Array(labels.length * classes);
  const weight = (c: number) => classWeights?.[c] ?? 1;
  labels.forEach((label, b) => {
    if (label < 0) return;
    for (let c = 0; c < classes; c++) {
      targets[b * classes + c] = labelSmoothing / classes * weight(c) +
        (c === label ? (1 - labelSmoothing) * weight(c) : 0);
    }
  });
  return targets;
}

/** How much examples count together: their number, if classes count alike. */
export function totalWeight(
  labels: Int32Array,
  classWeights: LossOptions["classWeights"],
): number {
  if (!classWeights) return labels.length;
  return labels.reduce((sum, label) => sum + classWeights[label], 0);
}
