/**
 * Which epoch's model is the best so far, and whether to go on: functions of
 * the scores alone, so that a resumed run decides as an unbroken one.
 *
 * @module
 */
import { COSTS } from "../events/scalar_metrics.ts";
import type { EpochScores } from "./state.ts";

/** How the best epoch is chosen. */
export interface ChooseEpochOptions {
  /** Which score: a number of a `metrics` event; `accuracy` if undefined. */
  bestBy: string | undefined;
  /** Epochs without a gain after which training stops; never if undefined. */
  patience: number | undefined;
  /** What counts as a gain: more than this; 0 if undefined. */
  minGain: number | undefined;
}

/** What the scores say. */
export interface EpochChoice {
  /** The epoch with the best score, from 1, the first of equals; 0 if none. */
  epoch: number;
  /** Whether patience has come to its end. */
  stop: boolean;
}

/**
 * Chooses the best epoch.
 *
 * Patience counts the epochs since the last gain. A gain is a score that is
 * better by more than `minGain` than that of the last gain, as in Keras'
 * `EarlyStopping`: many small steps together are one. The best epoch is the
 * best by any margin.
 *
 * @param scores One a finished epoch.
 * @param options Which score, patience, and what counts as a gain.
 *
 * @example
 * ```ts
 * import { chooseEpoch } from "./choose_epoch.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = [0.5, 0.7, 0.6, 0.65].map((accuracy) => ({ accuracy }));
 * const options = { bestBy: "accuracy", patience: 2, minGain: 0 };
 * assertEquals(chooseEpoch(scores, options), { epoch: 2, stop: true });
 * ```
 */
export function chooseEpoch(
  scores: readonly EpochScores[],
  options: ChooseEpochOptions,
): EpochChoice {
  const { bestBy = "accuracy", patience = Infinity, minGain = 0 } = options;
  const sign = COSTS.has(bestBy) ? -1 : 1;
  let [best, gained] = [-Infinity, -Infinity];
  let [epoch, gainedAt] = [0, 0];
  for (const [i, score] of scores.entries()) {
    const value = Number.isNaN(score[bestBy])
      ? -Infinity
      : sign * score[bestBy];
    if (epoch === 0 || value > best) [best, epoch] = [value, i + 1];
    if (gainedAt === 0 || value > gained + minGain) {
      [gained, gainedAt] = [value, i + 1];
    }
  }
  return { epoch, stop: scores.length - gainedAt >= patience };
}
