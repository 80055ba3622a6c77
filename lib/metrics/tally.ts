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
  /** By bin of confidence: how many there are. */
  binned: Float64Array;
  /** By bin: the sum of the confidences. */
  confidence: Float64Array;
  /** By bin: how many are right. */
  right: Float64Array;
}

/** Adds up examples of a split, as often as it is asked. */
export class Tallier {
  readonly #scores: Scores;
  /** Each example's place in the confusion matrix, `[N]`. */
  readonly #cells: Int32Array;
  /** Each example's bin, `[N]`. */
  readonly #bins: Uint8Array;
  readonly #confidences: Float64Array;

  /**
   * Looks up once what every sum needs.
   *
   * @param scores The scored examples.
   */
  constructor(scores: Scores) {
    const { truth, predicted, labels } = scores;
    this.#scores = scores;
    this.#cells = truth.map((row, i) => row * labels.length + predicted[i]);
    this.#confidences = Float64Array.from(
      truth,
      (_, i) => confidenceOf(scores, i),
    );
    this.#bins = Uint8Array.from(this.#confidences, binOf);
  }

  /**
   * Adds examples up, in order.
   *
   * @param pick Gives an example for each of the places `0 .. N - 1`.
   */
  add(pick: (place: number) => number): Tally {
    const { losses, truth, predicted, labels } = this.#scores;
    const tally: Tally = {
      examples: truth.length,
      confusion: new Float64Array(labels.length ** 2),
      loss: 0,
      binned: new Float64Array(BINS),
      confidence: new Float64Array(BINS),
      right: new Float64Array(BINS),
    };
    for (let place = 0; place < truth.length; place++) {
      const i = pick(place);
      const bin = this.#bins[i];
      tally.confusion[this.#cells[i]]++;
      tally.loss += losses[i];
      tally.binned[bin]++;
      tally.confidence[bin] += this.#confidences[i];
      if (truth[i] === predicted[i]) tally.right[bin]++;
    }
    return tally;
  }
}

/** A bin holds its upper end, but not its lower one. */
function binOf(confidence: number): number {
  let bin = 0;
  while (confidence > (bin + 1) / BINS && bin < BINS - 1) bin++;
  return bin;
}
