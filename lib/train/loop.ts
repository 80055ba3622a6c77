/**
 * Fine-tuning after section 15.7 of Dive into Deep Learning: epochs over
 * shuffled batches, and the dev or test split after each epoch.
 *
 * @module
 */
import { batches, epochOrder } from "../data/batch/batches.ts";
import type { Table } from "../data/table/table.ts";
import type { EpochEvent, MetricsEvent, StepEvent } from "../events/events.ts";
import type { BertClassifier } from "../model/classifier.ts";
import { recorder } from "../device/recorder.ts";
import type { OnProgress } from "../base/progress.ts";
import { chooseEpoch, type ChooseEpochOptions } from "./choose_epoch.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import { perSecond } from "../base/clock.ts";
import { FigureReader, type Spent } from "./figures.ts";
import type { NotFiniteStep } from "./not_finite.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import type { OnPhase } from "../profile/profile.ts";
import { SaveClock } from "./save_clock.ts";
import { learningRateAt, type ScheduleOptions } from "../optim/schedule.ts";
import { type EpochScores, epochStart, type TrainState } from "./state.ts";
import { trainStep } from "./step.ts";

/** How a model is fine-tuned. */
export interface FineTuneOptions extends ChooseEpochOptions, ScheduleOptions {
  /** The examples to train on. */
  train: Table;
  /** Measured after every epoch, if there is one. */
  dev?: Table | undefined;
  /** Measured after every epoch, if there is one and no `dev`. */
  test?: Table | undefined;
  /** Passes over `train` in all, those before `state` included. */
  epochs: number;
  /** Examples a step. */
  batchSize: number;
  /** Shrinks gradients whose norm is larger to this norm. */
  maxGradNorm?: number | undefined;
  /** Share of each target that all classes get alike; 0 if not given. */
  labelSmoothing?: number | undefined;
  /** How much an example of each class counts; 1 if not given. */
  classWeights?: readonly number[] | undefined;
  /** Of the examples' order and of dropout. */
  seed: number;
  /** Tokens computed at once; whole batches if not given. */
  microBatchTokens?: number | undefined;
  /** Made for the model's parameters. */
  optimizer: Optimizer;
  /** Where to start; the beginning if not given. */
  state?: TrainState | undefined;
  /** Takes only the first rows of all tables. */
  limit?: number | undefined;
  /** Steps between two step events. */
  logEvery: number;
  /** Steps between two saves inside an epoch; none if not given. */
  checkpointEvery?: number | undefined;
  /** Minutes after which one is due, too. */
  checkpointMinutes?: number | undefined;
  /**
   * Steps between two reads of the figures. Reading waits for a GPU, and is
   * free on the CPU. Changes nothing else.
   */
  readEvery: number;
  /** Leaves out steps whose loss or gradient isn't finite, and goes on. */
  skipNonFinite?: boolean | undefined;
  /** Told every `logEvery` steps. */
  onStep?: (event: StepEvent) => void;
  /** Told of each step that is left out. */
  onSkip?: (step: NotFiniteStep) => void;
  /** Told after each epoch, with the metrics of `dev` or `test`. */
  onEpoch?: (
    event: EpochEvent,
    metrics: MetricsEvent | undefined,
  ) => void | Promise<void>;
  /** Called when the run could go on from `state`: save it. */
  onCheckpoint?: (state: TrainState) => Promise<void>;
  /** Told the steps done. */
  onProgress?: OnProgress | undefined;
  /** Throws the device's first error, if any. */
  checkDevice?: () => void;
  /** Called after the first step of an epoch: the device may have seen more. */
  tuneDevice?: () => Promise<void>;
  /** Told what is being done, to measure it. */
  onPhase?: OnPhase | undefined;
  /** Stops after the running step, saves, and throws the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Fine-tunes a model in place.
 *
 * The order of the examples is a function of seed and epoch, dropout one of
 * seed and step: a run that stops anywhere and goes on from its state ends
 * with the same bits as one that never stopped.
 *
 * @param model The model; in the end it is that of the last epoch.
 * @param options Data, recipe, and who is told.
 * @return The state after the last epoch.
 * @throws {UserError} `not-finite` if a step's loss or gradient isn't finite,
 *   unless such steps are left out.
 */
export async function fineTune(
  model: BertClassifier,
  options: FineTuneOptions,
): Promise<TrainState> {
  const clock = new SaveClock(options);
  let state = options.state ?? epochStart(1);
  using _recorded = { [Symbol.dispose]: () => recorder()?.forget() };
  while (
    state.epoch <= options.epochs && !chooseEpoch(state.scores, options).stop
  ) {
    const begun = performance.now();
    const spent = await trainEpoch(model, state, { ...options, clock });
    options.optimizer.settle();
    options.onPhase?.("evaluation");
    const metrics = await measure(model, state, options);
    options.checkDevice?.();
    options.onPhase?.("saving");
    await options.onEpoch?.({
      event: "epoch",
      epoch: state.epoch,
      loss: state.lossSum / state.examples,
      trainAccuracy: state.correct / state.examples,
      ...(metrics && { [`${metrics.split}Accuracy`]: metrics.accuracy }),
      tokens: state.tokens,
      timing: {
        examplesPerSecond: perSecond(spent.examples, spent.seconds),
        tokensPerSecond: perSecond(spent.tokens, spent.seconds),
        seconds: (performance.now() - begun) / 1000,
      },
    }, metrics);
    const scores = metrics ? [scoresOf(metrics)] : [];
    state = epochStart(state.epoch + 1, [...state.scores, ...scores]);
    await options.onCheckpoint?.(state);
    clock.saved();
  }
  return state;
}

/** Trains to the end of the running epoch. */
async function trainEpoch(
  model: BertClassifier,
  state: TrainState,
  options: FineTuneOptions & { clock: SaveClock },
): Promise<Spent> {
  const { train, batchSize, limit, seed, signal, clock, onPhase } = options;
  onPhase?.("data");
  const rows = Math.min(train.rows, limit ?? Infinity);
  const total = Math.ceil(rows / batchSize);
  const firstStep = (state.epoch - 1) * total;
  const reader = new FigureReader(state, options, total);
  const order = epochOrder(rows, seed, state.epoch);
  const from = state.step;
  for (const batch of batches(train, { batchSize, order, from })) {
    const step = firstStep + state.step + 1;
    const last = state.step + 1 === total;
    const logged = step % options.logEvery === 0;
    const figures = await trainStep(model, options.optimizer, batch, {
      learningRate: learningRateAt(step, total * options.epochs, options),
      draw: { seed, step },
      maxGradNorm: options.maxGradNorm,
      labelSmoothing: options.labelSmoothing,
      classWeights: options.classWeights,
      mostTokens: options.microBatchTokens,
      onPhase,
      skipNonFinite: options.skipNonFinite,
    });
    onPhase?.("read");
    state.step++;
    reader.add({ step, figures, batch });
    if (state.step === from + 1) {
      await reader.paused(() => options.tuneDevice?.());
    }
    const saves = !last && clock.isDue(step);
    if (
      logged || last || saves || signal?.aborted ||
      step % options.readEvery === 0
    ) {
      await reader.read(logged ? step : undefined);
    }
    if (saves || signal?.aborted) {
      options.optimizer.settle();
      onPhase?.("saving");
      await reader.paused(() => options.onCheckpoint?.(state));
      clock.saved();
    }
    signal?.throwIfAborted();
    onPhase?.("data");
  }
  return reader.spent;
}

/** Measures the split that is watched; saves before it is stopped. */
async function measure(
  model: BertClassifier,
  state: TrainState,
  options: FineTuneOptions,
): Promise<MetricsEvent | undefined> {
  const split = options.dev ? "dev" : "test";
  const table = options[split];
  if (!table) return undefined;
  try {
    const metrics = await evaluate(model, table, {
      batchSize: options.batchSize,
      limit: options.limit,
      onProgress: options.onProgress,
      phase: `epoch ${state.epoch} ${split}`,
      signal: options.signal,
    });
    return { event: "metrics", split, ...metrics };
  } catch (error) {
    if (options.signal?.aborted) await options.onCheckpoint?.(state);
    throw error;
  }
}

/** The metrics that are one number. */
function scoresOf(metrics: MetricsEvent): EpochScores {
  return Object.fromEntries(
    Object.entries(metrics).filter(([, value]) => typeof value === "number"),
  );
}
