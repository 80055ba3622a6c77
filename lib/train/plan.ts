/**
 * What a run would take: its first steps are made, timed and thrown away.
 *
 * @module
 */
import type { Table } from "../data/table/table.ts";
import { deviceMemory } from "../device/memory.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import type { PlanEvent } from "../events/events.ts";
import type { BertClassifier } from "../model/classifier.ts";
import { fineTune, type FineTuneOptions } from "./loop.ts";

/** Turns that are made, at most; the first, which warms up, is not timed. */
const TURNS = 6;
/** Steps of a turn at most where figures are not read at each step. */
const MOST_STEPS = 10;
/** Milliseconds of timed steps that are enough. */
const ENOUGH = 5000;
/** Batches that stand for an evaluation. */
const EVALUATED = 3;

/**
 * Plans a run: makes the first steps that it would make, with its batches,
 * and some of its evaluation. The model is a little trained by that.
 *
 * @param model The model.
 * @param options The run; nobody is told of its steps, and none is saved.
 * @return What it would take, without what saving takes.
 * @throws {UserError} `out-of-memory` if a step does not fit.
 */
export async function planRun(
  model: BertClassifier,
  options: FineTuneOptions,
): Promise<PlanEvent> {
  const { train, dev, test, training } = options;
  const { limit = Infinity, batchSize, epochs } = training;
  const rows = Math.min(train.rows, limit);
  const stepsPerEpoch = Math.ceil(rows / batchSize);
  const secondsPerStep = await timeSteps(model, options, stepsPerEpoch);
  const watched = dev ?? test;
  const secondsPerEvaluation = watched
    ? await timeEvaluation(model, watched, options)
    : 0;
  const { taken, limit: mostBytes } = deviceMemory();
  let parameters = 0;
  for (const { size } of model.parameters.values()) parameters += size;
  const secondsPerEpoch = secondsPerStep * stepsPerEpoch;
  return {
    event: "plan",
    parameters,
    epochs,
    steps: epochs * stepsPerEpoch,
    batchSize,
    microBatchTokens: training.microBatchTokens ?? null,
    timing: {
      bytes: taken,
      mostBytes,
      secondsPerStep,
      secondsPerEpoch,
      secondsPerEvaluation,
      seconds: epochs * (secondsPerEpoch + secondsPerEvaluation),
    },
  };
}

/**
 * Makes the first steps, in turns of one, or of some where the run doesn't wait
 * for each. Returns the mean seconds of one.
 */
async function timeSteps(
  model: BertClassifier,
  options: FineTuneOptions,
  stepsPerEpoch: number,
): Promise<number> {
  const steps = Math.max(
    1,
    Math.min(MOST_STEPS, options.readEvery, Math.floor(stepsPerEpoch / 3)),
  );
  const enough = new AbortController();
  const ends: number[] = [performance.now()];
  const work = fineTune(model, {
    ...options,
    training: {
      ...options.training,
      epochs: 1,
      checkpointEvery: undefined,
      checkpointMinutes: undefined,
      logEvery: steps,
    },
    resumeFrom: undefined,
    dev: undefined,
    test: undefined,
    readEvery: steps,
    onStep: () => {
      ends.push(performance.now());
      const timed = ends.at(-1)! - ends[1];
      if (ends.length > TURNS || timed > ENOUGH) enough.abort(enough);
    },
    onEpoch: () => {},
    onCheckpoint: () => Promise.resolve(),
    signal: AbortSignal.any([
      enough.signal,
      ...(options.signal ? [options.signal] : []),
    ]),
  });
  await work.catch((reason) => {
    if (reason !== enough) throw reason;
  });
  // A run of a single turn has no other to time.
  const first = Math.min(1, ends.length - 2);
  const turns = ends.length - 1 - first;
  return (ends.at(-1)! - ends[first]) / turns / steps / 1000;
}

/** Evaluates on a few batches. Returns the seconds that the table takes. */
async function timeEvaluation(
  model: BertClassifier,
  table: Table,
  { training, signal }: FineTuneOptions,
): Promise<number> {
  const { batchSize, limit = Infinity } = training;
  const rows = Math.min(table.rows, limit);
  const timed = Math.min(rows, EVALUATED * batchSize);
  const begun = performance.now();
  await evaluate(model, table, { batchSize, limit: timed, signal });
  return (performance.now() - begun) / 1000 * rows / timed;
}
