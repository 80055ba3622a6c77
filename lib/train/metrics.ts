/**
 * How well predictions match the truth: accuracy, confusion matrix, and
 * precision, recall and F1 of each class, as scikit-learn defines them.
 *
 * @module
 */
import type { ClassMetrics, MetricsEvent } from "../log/events.ts";

/** What {@link classificationMetrics} measures. */
export interface ClassificationResult {
  /** Names of the classes, in the order of the model's outputs. */
  labels: readonly string[];
  /** True class of each example, `[N]`, in `0 .. labels.length - 1`. */
  truth: Int32Array;
  /** Predicted class of each example, `[N]`. */
  predicted: Int32Array;
  /** Sum of the examples' cross-entropies, in nats. */
  lossSum: number;
}

/** The facts of a `metrics` event, less the name of the split. */
export type ClassificationMetrics = Omit<MetricsEvent, "event" | "split">;

/**
 * Counts how often each true class was predicted as each class.
 *
 * @param truth True class of each example, `[N]`.
 * @param predicted Predicted class of each example, `[N]`.
 * @param options The number of classes C.
 * @return Counts, `[C][C]`: rows are true classes, columns predicted ones.
 * @throws {RangeError} If the lengths differ or a class is not in `0 .. C - 1`.
 */
export function confusionMatrix(
  truth: Int32Array,
  predicted: Int32Array,
  options: { classes: number },
): number[][] {
  const { classes } = options;
  if (truth.length !== predicted.length) {
    throw new RangeError(
      `${predicted.length} predictions for ${truth.length} examples`,
    );
  }
  const counts = Array.from(
    { length: classes },
    () => new Array<number>(classes).fill(0),
  );
  for (let i = 0; i < truth.length; i++) {
    const row = truth[i];
    const column = predicted[i];
    if (!(row in counts && column in counts)) {
      throw new RangeError(
        `example ${i} has class ${row} and prediction ${column}, ` +
          `expected 0 to ${classes - 1}`,
      );
    }
    counts[row][column]++;
  }
  return counts;
}

/**
 * Measures predictions. A share of nothing, as the precision of a class that
 * is never predicted, counts as 0; the macro F1 is the plain mean over all
 * classes, those that never occur included.
 *
 * @param result Names, true and predicted classes, summed loss.
 * @return The facts of a `metrics` event.
 * @throws {RangeError} If there are no examples, the lengths differ or a class
 * is not among the labels.
 *
 * @example
 * ```ts
 * import { classificationMetrics } from "./metrics.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const metrics = classificationMetrics({
 *   labels: ["no", "yes"],
 *   truth: Int32Array.of(0, 0, 1, 1),
 *   predicted: Int32Array.of(0, 1, 1, 1),
 *   lossSum: 2,
 * });
 * assertEquals(metrics.accuracy, 0.75);
 * assertEquals(metrics.confusion, [[1, 1], [0, 2]]);
 * ```
 */
export function classificationMetrics(
  result: ClassificationResult,
): ClassificationMetrics {
  const { labels, truth, predicted, lossSum } = result;
  const examples = truth.length;
  if (examples === 0) throw new RangeError("there are no examples to measure");
  const confusion = confusionMatrix(truth, predicted, {
    classes: labels.length,
  });
  const each = labels.map((_, label) => classMetrics(confusion, label));
  const right = sum(confusion.map((row, label) => row[label]));
  return {
    examples,
    loss: lossSum / examples,
    accuracy: right / examples,
    macroF1: sum(each.map(({ f1 }) => f1)) / labels.length,
    labels: [...labels],
    perClass: Object.fromEntries(labels.map((name, i) => [name, each[i]])),
    confusion,
  };
}

function classMetrics(confusion: number[][], label: number): ClassMetrics {
  const right = confusion[label][label];
  const support = sum(confusion[label]);
  const said = sum(confusion.map((row) => row[label]));
  return {
    precision: share(right, said),
    recall: share(right, support),
    f1: share(2 * right, said + support),
    support,
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
