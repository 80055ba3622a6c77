/**
 * What a model says of examples whose classes are known. All metrics are
 * computed from this, so from one pass over the examples.
 *
 * @module
 */
import { softmax } from "./softmax.ts";

/** N examples of C classes, scored. */
export interface Scores {
  /** Names of the classes in the order of the model's outputs, `[C]`. */
  labels: readonly string[];
  /** True class of each example, `[N]`, in `0 .. C - 1`. */
  truth: Int32Array;
  /** Class of the largest logit, the first one if there are more, `[N]`. */
  predicted: Int32Array;
  /** Probability of each class, `[N, C]`. */
  probabilities: Float64Array;
  /** Cross-entropy of each example, `[N]`, in nats. */
  losses: Float64Array;
}

/**
 * Scores examples. Sums are in float64, so they do not depend on how the
 * examples were batched.
 *
 * @param logits The model's outputs, `[N, C]`.
 * @param options The true classes and the names of all classes.
 * @throws {RangeError} If there are no examples, the lengths differ, a class
 * is not among the labels or a logit is not finite.
 *
 * @example
 * ```ts
 * import { scoreLogits } from "./scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { predicted, losses } = scoreLogits(Float32Array.of(2, 2, 0, 3), {
 *   truth: Int32Array.of(1, 1),
 *   labels: ["no", "yes"],
 * });
 * assertEquals([...predicted], [0, 1]);
 * assertEquals(losses[0], Math.log(2));
 * ```
 */
export function scoreLogits(
  logits: Float32Array,
  options: { truth: Int32Array; labels: readonly string[] },
): Scores {
  const { truth, labels } = options;
  const examples = truth.length;
  const classes = labels.length;
  if (examples === 0) throw new RangeError("there are no examples to measure");
  if (logits.length !== examples * classes) {
    throw new RangeError(
      `${logits.length} logits of ${classes} classes for ${examples} examples`,
    );
  }
  const predicted = new Int32Array(examples);
  const probabilities = new Float64Array(logits.length);
  const losses = new Float64Array(examples);
  for (let i = 0; i < examples; i++) {
    const row = [...logits.subarray(i * classes, (i + 1) * classes)];
    const label = truth[i];
    if (!(label in row)) {
      throw new RangeError(
        `example ${i} has class ${label}, expected 0 to ${classes - 1}`,
      );
    }
    if (!row.every(Number.isFinite)) {
      throw new RangeError(`example ${i} has logits ${row.join(", ")}`);
    }
    const largest = Math.max(...row);
    const shares = softmax(row);
    predicted[i] = row.indexOf(largest);
    probabilities.set(shares, i * classes);
    // log(sum of powers) is minus the largest class's log probability.
    losses[i] = largest - row[label] - Math.log(shares[predicted[i]]);
  }
  return { labels, truth, predicted, probabilities, losses };
}

/**
 * The probability of the class that is predicted for an example.
 *
 * @param scores The scored examples.
 * @param i Which one.
 */
export function confidenceOf(scores: Scores, i: number): number {
  const { probabilities, predicted, labels } = scores;
  return probabilities[i * labels.length + predicted[i]];
}
