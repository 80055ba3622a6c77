/**
 * How well predictions match the truth: accuracy, confusion matrix, and
 * precision, recall and F1 of each class, as scikit-learn defines them.
 *
 * A share of nothing, as the precision of a class that is never predicted,
 * counts as 0 (scikit-learn's `zero_division=0`).
 *
 * @module
 */
import type {
  ClassMetrics,
  MetricsEvent,
  ScalarMetrics,
} from "../../events/events.ts";
import { expectedCalibrationError } from "./calibration.ts";
import { matthews } from "./matthews.ts";
import type { Scores } from "./scores.ts";
import { Tallier, type Tally } from "./tally.ts";

/** The facts of a `metrics` event that every evaluation has. */
export type ClassificationMetrics = Omit<
  MetricsEvent,
  "event" | "split" | "reliability" | "bootstrap"
>;

/**
 * Measures predictions. The macro F1 is the plain mean over all classes, those
 * that never occur included; the weighted F1 weighs each by its examples.
 *
 * @param scores The scored examples.
 * @return The facts of a `metrics` event.
 *
 * @example
 * ```ts
 * import { classificationMetrics } from "./classification.ts";
 * import { scoreLogits } from "./scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = scoreLogits(Float32Array.of(3, 0, 0, 1, 0, 2, 0, 4), {
 *   truth: Int32Array.of(0, 0, 1, 1),
 *   labels: ["no", "yes"],
 * });
 * const metrics = classificationMetrics(scores);
 * assertEquals(metrics.accuracy, 0.75);
 * assertEquals(metrics.confusion, [[1, 1], [0, 2]]);
 * ```
 */
export function classificationMetrics(scores: Scores): ClassificationMetrics {
  const { labels } = scores;
  const tally = new Tallier(scores).add((i) => i);
  const each = labels.map((_, label) =>
    classMetrics(tally.confusion, label, labels.length)
  );
  return {
    examples: tally.examples,
    labels: [...labels],
    ...scalarMetrics(tally),
    perClass: Object.fromEntries(labels.map((name, i) => [name, each[i]])),
    confusion: labels.map((_, row) => [
      ...tally.confusion.subarray(
        row * labels.length,
        (row + 1) * labels.length,
      ),
    ]),
  };
}

/**
 * The metrics that are one number each.
 *
 * @param tally The sums over the examples.
 */
export function scalarMetrics(tally: Tally): ScalarMetrics {
  const { examples, confusion } = tally;
  const classes = Math.sqrt(confusion.length);
  let right = 0;
  let f1 = 0;
  let weightedF1 = 0;
  for (let label = 0; label < classes; label++) {
    const metrics = classMetrics(confusion, label, classes);
    right += confusion[label * classes + label];
    f1 += metrics.f1;
    weightedF1 += metrics.f1 * metrics.support;
  }
  return {
    loss: tally.loss / examples,
    accuracy: right / examples,
    macroF1: f1 / classes,
    weightedF1: weightedF1 / examples,
    matthews: matthews(confusion),
    expectedCalibrationError: expectedCalibrationError(tally),
  };
}

function classMetrics(
  confusion: Float64Array,
  label: number,
  classes: number,
): ClassMetrics {
  let support = 0;
  let said = 0;
  for (let other = 0; other < classes; other++) {
    support += confusion[label * classes + other];
    said += confusion[other * classes + label];
  }
  const right = confusion[label * classes + label];
  return {
    precision: share(right, said),
    recall: share(right, support),
    f1: share(2 * right, said + support),
    support,
  };
}

function share(count: number, total: number): number {
  return total === 0 ? 0 : count / total;
}
