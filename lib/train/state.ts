/**
 * Where a run is.
 *
 * @module
 */

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
}

/** The state at the start of an epoch. */
export function epochStart(epoch: number): TrainState {
  return { epoch, step: 0, lossSum: 0, correct: 0, examples: 0, tokens: 0 };
}
