/**
 * What a run comes to: the facts of its `done` event.
 *
 * @module
 */
import { perSecond } from "../base/clock.ts";
import type { EpochEvent, MetricsEvent } from "../events/events.ts";

/** What a run was. */
export interface RunFacts {
  /** The run directory. */
  run: string;
  /** Its `epoch` events. */
  epochs: readonly EpochEvent[];
  /** Optimiser updates. */
  steps: number;
  /** Epochs that were requested. */
  requested: number;
  /** The epoch whose model the run directory is, from 1. */
  chosenEpoch: number;
  /** Of the chosen model on the test split, measured once, if it was. */
  test?: MetricsEvent | undefined;
}

/** The facts of `finetune`'s `done` event. */
export interface RunSummary {
  /** Of the run directory's model on the test split, if there is one. */
  accuracy?: number;
  /** Of the run directory's model on the dev split, if there is one. */
  devAccuracy?: number;
  /** Whether the test split was measured after every epoch. */
  testWatched: boolean;
  /** Of the last epoch, as it was trained. */
  loss: number;
  /** Of the last epoch, as it was trained. */
  trainAccuracy: number;
  /** The epoch whose model the run directory is. */
  chosenEpoch: number;
  /** Epochs trained. */
  epochs: number;
  /** Whether they are fewer than requested: patience came to its end. */
  stoppedEarly: boolean;
  /** Optimiser updates. */
  steps: number;
  /** The run directory. */
  files: string[];
  /** Examples a second over all epochs, training alone. */
  timing: { examplesPerSecond: number };
  /** A summary is an event's fields. */
  [fact: string]: unknown;
}

/**
 * Sums a run up.
 *
 * @param facts What it was.
 */
export function summarise(facts: RunFacts): RunSummary {
  const { run, epochs, steps, requested, chosenEpoch, test } = facts;
  const last = epochs.at(-1)!;
  const { devAccuracy } = epochs[chosenEpoch - 1];
  const accuracy = test?.accuracy ?? last.testAccuracy;
  // An epoch that was resumed after its last step took no time to train.
  const rates = epochs.map(({ timing }) => timing.examplesPerSecond)
    .filter((rate) => rate > 0);
  const seconds = rates.reduce((sum, rate) => sum + 1 / rate, 0);
  return {
    ...(accuracy === undefined ? {} : { accuracy }),
    ...(devAccuracy === undefined ? {} : { devAccuracy }),
    testWatched: last.testAccuracy !== undefined,
    loss: last.loss,
    trainAccuracy: last.trainAccuracy,
    chosenEpoch,
    epochs: epochs.length,
    stoppedEarly: epochs.length < requested,
    steps,
    files: [run],
    // Epochs are equally long, so the whole rate is the harmonic mean.
    timing: { examplesPerSecond: perSecond(rates.length, seconds) },
  };
}
