/**
 * How well a classifier does: loss, accuracy, F1, Matthews' coefficient and
 * calibration, each with its interval, and whether two models differ.
 *
 * Take this entry to measure predictions of any program: all of it is computed
 * from logits and true classes.
 *
 * @example Measure logits, and how sure the accuracy is
 * ```ts
 * import {
 *   bootstrapIntervals,
 *   classificationMetrics,
 *   scoreLogits,
 * } from "@premise/premise/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = scoreLogits(Float32Array.of(3, 0, 0, 1, 0, 2, 0, 4), {
 *   truth: Int32Array.of(0, 0, 1, 1),
 *   labels: ["no", "yes"],
 * });
 * const { accuracy, confusion } = classificationMetrics(scores);
 * assertEquals(accuracy, 0.75);
 * assertEquals(confusion, [[1, 1], [0, 2]]);
 *
 * const { intervals } = bootstrapIntervals(scores, { resamples: 1000, seed: 0 });
 * assertEquals(intervals.accuracy, [0.25, 1]);
 * ```
 *
 * @module
 */
export { bootstrapIntervals, type BootstrapOptions } from "./bootstrap.ts";
export { reliabilityTable } from "./calibration.ts";
export {
  type ClassificationMetrics,
  classificationMetrics,
} from "./classification.ts";
export { compareScores, type Comparison } from "./compare.ts";
export { type HardestExamples, hardestExamples } from "./hardest.ts";
export { scoreLogits, type Scores } from "./scores.ts";
export type {
  BootstrapIntervals,
  ClassMetrics,
  ComparisonEvent,
  HardExample,
  MetricsEvent,
  ReliabilityBin,
  ScalarMetrics,
} from "../../events/events.ts";
