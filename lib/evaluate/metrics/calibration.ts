/**
 * Whether a model is right as often as it says: of the examples that it is
 * 80 % sure of, 80 % should be right (Guo et al., On Calibration of Modern
 * Neural Networks, 2017, sections 2 and 3). Confidence is the probability of
 * the predicted class; its bins are (0, 0.1], (0.1, 0.2] and so on.
 *
 * @module
 */
import type { ReliabilityBin } from "../../events/events.ts";
import type { Scores } from "./scores.ts";
import { BINS, Tallier, type Tally } from "./tally.ts";

/**
 * The mean distance of accuracy and confidence over the bins, each weighed by
 * its examples.
 *
 * @param tally The sums over the examples.
 * @return From 0 to 1; 0 is best.
 */
export function expectedCalibrationError(tally: Tally): number {
  const { examples, confidence, right } = tally;
  return right.reduce(
    (sum, count, bin) => sum + Math.abs(count - confidence[bin]) / examples,
    0,
  );
}

/**
 * The table behind a reliability diagram.
 *
 * @param scores The scored examples.
 * @return The bins that have examples, by confidence.
 *
 * @example
 * ```ts
 * import { reliabilityTable } from "./calibration.ts";
 * import { scoreLogits } from "./scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = scoreLogits(Float32Array.of(0, 0, 0, 0), {
 *   truth: Int32Array.of(0, 1),
 *   labels: ["no", "yes"],
 * });
 * assertEquals(reliabilityTable(scores), [
 *   { above: 0.4, upTo: 0.5, examples: 2, confidence: 0.5, accuracy: 0.5 },
 * ]);
 * ```
 */
export function reliabilityTable(scores: Scores): ReliabilityBin[] {
  const { binned, confidence, right } = new Tallier(scores).add((i) => i);
  return [...binned.keys()].filter((bin) => binned[bin] > 0).map((bin) => ({
    above: bin / BINS,
    upTo: (bin + 1) / BINS,
    examples: binned[bin],
    confidence: confidence[bin] / binned[bin],
    accuracy: right[bin] / binned[bin],
  }));
}
