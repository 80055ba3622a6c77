/**
 * Counts and sums over examples: all that the metrics of a split need of it.
 *
 * @module
 */
import { confidenceOf, type Scores } from "./scores.ts";

/** Bins of equal width that confidences from 0 to 1 fall into. */
export const BINS = 10;

/** Sums over some examples of C classes; an example may count many times. */
export interface Tally {
  /** How many there are. */
  examples: number;
  /** Counts, `[C, C]`: rows are true classes, columns predicted ones. */
  confusion: Float64Array;
  /** Sum of the cross-entropies, in nats. */
  loss: number;
  /** Number of examples in each bin of confidence. */
  binned: Float64Array;
  /** Sum of the confidences in each bin. */
  confidence: Float64Array;
  /** Number of examples in each bin that are right. */
  right: Float64Array;
}

/** Adds up examples of a split, as often as it is asked. */
export class Tallier {
  readonly #losses: Float64Array;
  readonly #confidences: Float64Array;
  readonly #classes: number;
  /** Index of each example in a table of confusions by bins, `[N]`. */
  readonly #cells: Int32Array;

  /**
   * Looks up once what every sum needs.
   *
   * @param scores The scored examples.
   */
  constructor(scores: Scores) {
    const { truth, predicted, labels, losses } = scores;
    this.#losses = losses;
    this.#classes = labels.length;
    this.#confidences = Float64Array.from(
      truth,
      (_, i) => confidenceOf(scores, i),
    );
    this.#cells = truth.map((label, i) =>
      (label * labels.length + predicted[i]) * BINS +
      binOf(this.#confidences[i])
    );
  }

  /**
   * Adds examples up, in order.
   *
   * @param pick Gives the example to add for each of the draws `0 .. N - 1`.
   */
  add(pick: (draw: number) => number): Tally {
    const losses = this.#losses;
    const confidences = this.#confidences;
    const cells = this.#cells;
    const classes = this.#classes;
    const counts = new Float64Array(classes ** 2 * BINS);
    const confidence = new Float64Array(BINS);
    let loss = 0;
    for (let draw = 0; draw < losses.length; draw++) {
      const i = pick(draw);
      counts[cells[i]]++;
      loss += losses[i];
      confidence[cells[i] % BINS] += confidences[i];
    }
    const tally: Tally = {
      examples: losses.length,
      confusion: new Float64Array(classes ** 2),
      loss,
      binned: new Float64Array(BINS),
      confidence,
      right: new Float64Array(BINS),
    };
    counts.forEach((count, index) => {
      const [cell, bin] = [Math.floor(index / BINS), index % BINS];
      tally.confusion[cell] += count;
      tally.binned[bin] += count;
      // On the diagonal the label given is the label that is true.
      if (cell % (classes + 1) === 0) tally.right[bin] += count;
    });
    return tally;
  }
}

/** A bin holds its upper end, but not its lower one. */
function binOf(confidence: number): number {
  let bin = 0;
  while (confidence > (bin + 1) / BINS && bin < BINS - 1) bin++;
  return bin;
}
