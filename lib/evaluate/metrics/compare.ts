/**
 * Two models on the same examples.
 *
 * @module
 */
import type { ComparisonEvent } from "../../events/events.ts";
import { mcnemar } from "./mcnemar.ts";
import type { Scores } from "./scores.ts";

/** The facts of a `comparison` event, less the names of split and run. */
export type Comparison = Omit<ComparisonEvent, "event" | "split" | "against">;

/**
 * Compares two models by McNemar's test.
 *
 * @param scores The model's.
 * @param other The other model's, of the same examples in the same order.
 * @throws {RangeError} If the true classes differ.
 */
export function compareScores(scores: Scores, other: Scores): Comparison {
  const { truth } = scores;
  const examples = truth.length;
  if (
    other.truth.length !== examples ||
    truth.some((label, i) => label !== other.truth[i])
  ) throw new RangeError("the two models were scored on different examples");
  let both = 0;
  let onlyThis = 0;
  let onlyOther = 0;
  truth.forEach((label, i) => {
    const right = scores.predicted[i] === label;
    const otherRight = other.predicted[i] === label;
    if (right && otherRight) both++;
    else if (right) onlyThis++;
    else if (otherRight) onlyOther++;
  });
  return {
    examples,
    accuracy: (both + onlyThis) / examples,
    otherAccuracy: (both + onlyOther) / examples,
    onlyThis,
    onlyOther,
    ...mcnemar(onlyThis, onlyOther),
  };
}
