/**
 * Where a run is.
 *
 * @module
 */

import type { NamedArrays } from "../weights/formats/arrays.ts";

/** Numbers of a split's `metrics` event, by name, as `accuracy`. */
export type EpochScores = Readonly<Record<string, number>>;

/** Where a run is: all that a checkpoint holds besides arrays. */
export interface TrainState {
  /** The running epoch, from 1. */
  epoch: number;
  /** Steps done in it. */
  step: number;
  /** Sum of the losses of its examples so far, in nats. */
  lossSum: number;
  /** How many of them were right. */
  correct: number;
  /** How many there were. */
  examples: number;
  /** Their tokens. */
  tokens: number;
  /** The measured split's, one a finished epoch; none if none is measured. */
  scores: readonly EpochScores[];
}

/** Where a run goes on, besides the model's parameters as they were then. */
export interface ResumePoint {
  /** Where it is. */
  state: TrainState;
  /** Optimiser updates so far. */
  steps: number;
  /** What the optimiser kept for each parameter. */
  moments: NamedArrays;
}

/**
 * The state at the start of an epoch.
 *
 * @param epoch Which, from 1.
 * @param scores Those of the epochs before.
 */
export function epochStart(
  epoch: number,
  scores: readonly EpochScores[] = [],
): TrainState {
  return {
    epoch,
    step: 0,
    lossSum: 0,
    correct: 0,
    examples: 0,
    tokens: 0,
    scores,
  };
}
