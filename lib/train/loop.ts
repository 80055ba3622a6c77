/**
 * Fine-tuning after section 15.7 of Dive into Deep Learning: epochs over
 * shuffled batches, and the dev or test split after each epoch.
 *
 * @module
 */
import { nextTurn, perSecond } from "../base/clock.ts";
import type { OnProgress } from "../base/progress.ts";
import { batches, epochOrder } from "../data/batch/batches.ts";
import type { Table } from "../data/table/table.ts";
import { recorder } from "../device/recorder.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import type { EpochEvent, MetricsEvent, StepEvent } from "../events/events.ts";
import type { BertClassifier } from "../model/classifier.ts";
import { Optimizer } from "../optim/optimizer.ts";
import { learningRateAt } from "../optim/schedule.ts";
import type { OnPhase } from "../profile/profile.ts";
import { chooseEpoch } from "./choose_epoch.ts";
import { FigureReader, type Spent } from "./figures.ts";
import type { NotFiniteStep } from "./not_finite.ts";
import { SaveClock } from "./save_clock.ts";
import {
  type EpochScores,
  epochStart,
  type ResumePoint,
  type TrainState,
} from "./state.ts";
import { trainStep } from "./step.ts";
import type { TrainingOptions } from "./training_options.ts";

/** What a model is fine-tuned on, how, and who is told. */
export interface FineTuneOptions {
  /** How it is trained; `trainingDefaults` has a value of each option. */
  training: TrainingOptions;
  /** The examples to train on. */
  train: Table;
  /** Measured after every epoch, if there is one. */
  dev?: Table | undefined;
  /** Measured after every epoch, if there is one and no `dev`. */
  test?: Table | undefined;
  /** Where to go on; the beginning if not given. */
  resumeFrom?: ResumePoint | undefined;
  /**
   * Steps between two reads of the figures. Reading waits for a GPU, and is
   * free on the CPU. Changes nothing else.
   */
  readEvery: number;
  /** Told every `training.logEvery` steps. */
  onStep?: (event: StepEvent) => void;
  /** Told of each step that is left out. */
  onSkip?: (step: NotFiniteStep) => void;
  /** Told after each epoch, with the metrics of `dev` or `test`. */
  onEpoch?: (
    event: EpochEvent,
    metrics: MetricsEvent | undefined,
  ) => void | Promise<void>;
  /**
   * Called when the run could go on from `state`, with the model and the
   * optimiser as they are: save them.
   */
  onCheckpoint?: (state: TrainState, optimizer: Optimizer) => Promise<void>;
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
  const { training, resumeFrom } = options;
  const optimizer = new Optimizer(model.parameters, training);
  try {
    if (resumeFrom) optimizer.restore(resumeFrom.moments, resumeFrom.steps);
    const clock = new SaveClock(training);
    return await trainEpochs({ model, optimizer, clock, options });
  } finally {
    recorder()?.forget();
    optimizer.dispose();
  }
}

/** Time after which signals are listened for, in ms: reading is rare on a GPU. */
const LONGEST_TURN = 100;

/** A training that has begun. */
interface Training {
  model: BertClassifier;
  optimizer: Optimizer;
  clock: SaveClock;
  options: FineTuneOptions;
}

/** Trains to the last epoch. */
async function trainEpochs(begun: Training): Promise<TrainState> {
  const { optimizer, clock, options } = begun;
  const { epochs } = options.training;
  let state = options.resumeFrom?.state ?? epochStart(1);
  while (
    state.epoch <= epochs && !chooseEpoch(state.scores, options.training).stop
  ) {
    const start = performance.now();
    const spent = await trainEpoch(begun, state);
    optimizer.settle();
    options.onPhase?.("evaluation");
    const metrics = await measure(begun, state);
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
        seconds: (performance.now() - start) / 1000,
      },
    }, metrics);
    const scores = metrics ? [scoresOf(metrics)] : [];
    state = epochStart(state.epoch + 1, [...state.scores, ...scores]);
    await options.onCheckpoint?.(state, optimizer);
    clock.saved();
  }
  return state;
}

/** Trains to the end of the running epoch. */
async function trainEpoch(
  { model, optimizer, clock, options }: Training,
  state: TrainState,
): Promise<Spent> {
  const { training, train, signal, onPhase } = options;
  const { batchSize, epochs, limit, seed, logEvery } = training;
  onPhase?.("data");
  const rows = Math.min(train.rows, limit ?? Infinity);
  const total = Math.ceil(rows / batchSize);
  const firstStep = (state.epoch - 1) * total;
  const reader = new FigureReader(state, options, total);
  const order = epochOrder(rows, seed, state.epoch);
  const from = state.step;
  let turned = performance.now();
  for (
    const batch of batches(train, {
      batchSize,
      order,
      from,
      lookUps: model.config,
    })
  ) {
    const step = firstStep + state.step + 1;
    const last = state.step + 1 === total;
    const logged = step % logEvery === 0;
    const figures = await trainStep(model, optimizer, batch, {
      settings: training,
      learningRate: learningRateAt(step, total * epochs, training),
      draw: { seed, step },
      onPhase,
    });
    onPhase?.("read");
    if (performance.now() - turned > LONGEST_TURN) {
      await nextTurn();
      turned = performance.now();
    }
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
      optimizer.settle();
      onPhase?.("saving");
      await reader.paused(() => options.onCheckpoint?.(state, optimizer));
      clock.saved();
    }
    signal?.throwIfAborted();
    onPhase?.("data");
  }
  return reader.spent;
}

/** Measures the split that is watched; saves before it is stopped. */
async function measure(
  { model, optimizer, options }: Training,
  state: TrainState,
): Promise<MetricsEvent | undefined> {
  const split = options.dev ? "dev" : "test";
  const table = options[split];
  if (!table) return undefined;
  try {
    const metrics = await evaluate(model, table, {
      batchSize: options.training.batchSize,
      limit: options.training.limit,
      onProgress: options.onProgress,
      phase: `epoch ${state.epoch} ${split}`,
      signal: options.signal,
    });
    return { event: "metrics", split, ...metrics };
  } catch (error) {
    if (options.signal?.aborted) {
      await options.onCheckpoint?.(state, optimizer);
    }
    throw error;
  }
}

/** The metrics that are one number. */
function scoresOf(metrics: MetricsEvent): EpochScores {
  return Object.fromEntries(
    Object.entries(metrics).filter(([, value]) => typeof value === "number"),
  );
}
