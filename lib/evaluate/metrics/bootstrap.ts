/**
 * How sure the metrics of a split are, by the bootstrap (Efron and Tibshirani,
 * An Introduction to the Bootstrap, 1993, chapter 13): the split is drawn from
 * itself with replacement, and measured, again and again; the middle 95 % of
 * what comes out is the interval.
 *
 * It tells the luck of the split's choice, not that of the training's seed.
 *
 * @module
 */
import { below, randomWords } from "../../base/random.ts";
import type { BootstrapIntervals } from "../../events/events.ts";
import { SCALARS } from "../../events/scalar_metrics.ts";
import { scalarMetrics } from "./classification.ts";
import type { Scores } from "./scores.ts";
import { Tallier } from "./tally.ts";

/** The share of the resamples that an interval holds. */
const LEVEL = 0.95;

/** How the intervals are drawn. */
export interface BootstrapOptions {
  /** How often the split is drawn from itself, at least 1. */
  resamples: number;
  /** An integer in `0 .. 2^32 - 1`; the same one draws the same. */
  seed: number;
}

/**
 * Percentile intervals of the metrics that are one number. A class that a
 * resample has no example of counts as everywhere: its shares are 0.
 *
 * @param scores The scored examples.
 * @param options Number of resamples, and the seed.
 *
 * @example
 * ```ts
 * import { bootstrapIntervals } from "./bootstrap.ts";
 * import { scoreLogits } from "./scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const allRight = scoreLogits(Float32Array.of(3, 0, 0, 3), {
 *   truth: Int32Array.of(0, 1),
 *   labels: ["no", "yes"],
 * });
 * const { intervals } = bootstrapIntervals(allRight, {
 *   resamples: 100,
 *   seed: 0,
 * });
 * assertEquals(intervals.accuracy, [1, 1]);
 * ```
 */
export function bootstrapIntervals(
  scores: Scores,
  options: BootstrapOptions,
): BootstrapIntervals {
  const { resamples, seed } = options;
  const tallier = new Tallier(scores);
  const rows = scores.truth.length;
  const drawn = Array.from({ length: resamples }, (_, resample) => {
    const words = randomWords(seed, resample);
    return scalarMetrics(tallier.add(() => below(rows, words)));
  });
  const intervals = SCALARS.map((name) => {
    const sorted = Float64Array.from(drawn, (metrics) => metrics[name]).sort();
    const ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2];
    return [name, ends.map((share) => quantile(sorted, share))] as const;
  });
  return {
    resamples,
    seed,
    level: LEVEL,
    intervals: Object.fromEntries(
      intervals,
    ) as BootstrapIntervals["intervals"],
  };
}

/** Between the two values next to it in proportion, as numpy's default does. */
function quantile(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)];
  const high = sorted[Math.ceil(rank)];
  return low + (high - low) * (rank - Math.floor(rank));
}
