/**
 * From the settings of `finetune` to the options of a training. A setting that
 * is added, renamed or removed does not compile until it is said here what it
 * concerns; and one of training not until it has its option.
 *
 * @module
 */
import type { Config } from "../settings/config.ts";
import type { TrainingOptions } from "./training_options.ts";

/** What a setting concerns. */
type Concern =
  /** How steps and epochs are made: {@link trainingOptions} takes it. */
  | "training"
  /** Which model is trained, and how it starts. */
  | "model"
  /** Which table and splits are read. */
  | "data"
  /** What computes, and how much of it at once. */
  | "device"
  /** The run's directory, and what the task does besides training. */
  | "run";

/** What each setting of `finetune` concerns. */
export const SETTING_CONCERNS = {
  epochs: "training",
  batchSize: "training",
  lr: "training",
  schedule: "training",
  warmupSteps: "training",
  warmupRatio: "training",
  optimizer: "training",
  weightDecay: "training",
  momentum: "training",
  layerDecay: "training",
  maxGradNorm: "training",
  labelSmoothing: "training",
  classWeights: "training",
  seed: "training",
  limit: "training",
  bestBy: "training",
  patience: "training",
  minGain: "training",
  skipNonFinite: "training",
  checkpointEvery: "training",
  checkpointMinutes: "training",
  logEvery: "training",
  model: "model",
  weights: "model",
  heads: "model",
  labels: "model",
  dropout: "model",
  init: "model",
  // Sections of the model: it takes the model to say what parameters they have.
  freeze: "model",
  cache: "model",
  catalogue: "model",
  data: "data",
  followBook: "data",
  device: "device",
  threads: "device",
  blas: "device",
  // It takes the device to say how many fit.
  microBatchTokens: "device",
  out: "run",
  resume: "run",
  override: "run",
  overwrite: "run",
  keep: "run",
  fallback: "run",
  plan: "run",
  profile: "run",
  seeds: "run",
} as const satisfies Record<keyof Config<"finetune">, Concern>;

type Concerns = typeof SETTING_CONCERNS;

/** The names of the settings that concern training. */
type TrainingSetting = {
  [Name in keyof Concerns]: Concerns[Name] extends "training" ? Name : never;
}[keyof Concerns];

/** The settings that concern training. */
export type TrainingSettings = Pick<Config<"finetune">, TrainingSetting>;

/** What settings come to with a model and a device. */
export type ResolvedOptions = Pick<
  TrainingOptions,
  "frozen" | "microBatchTokens"
>;

/**
 * The options of a training.
 *
 * @param settings Those of training; others are not read.
 * @param resolved What the settings `freeze` and `microBatchTokens` come to.
 */
export function trainingOptions(
  settings: TrainingSettings,
  resolved: ResolvedOptions,
): TrainingOptions {
  const {
    epochs,
    batchSize,
    lr,
    schedule,
    warmupSteps,
    warmupRatio,
    optimizer,
    weightDecay,
    momentum,
    layerDecay,
    maxGradNorm,
    labelSmoothing,
    classWeights,
    seed,
    limit,
    bestBy,
    patience,
    minGain,
    skipNonFinite,
    checkpointEvery,
    checkpointMinutes,
    logEvery,
    ...forgotten
  } = settings;
  forgotten satisfies Record<string, never>;
  return {
    epochs,
    batchSize,
    learningRate: lr,
    schedule,
    warmupSteps,
    warmupRatio,
    optimizer,
    weightDecay,
    momentum,
    layerDecay,
    frozen: resolved.frozen,
    maxGradNorm,
    labelSmoothing,
    classWeights,
    microBatchTokens: resolved.microBatchTokens,
    seed,
    limit,
    bestBy,
    patience,
    minGain,
    skipNonFinite,
    checkpointEvery,
    checkpointMinutes,
    logEvery,
  };
}
