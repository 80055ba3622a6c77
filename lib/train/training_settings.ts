/**
 * From the settings of `finetune` to the options of a training. A setting that
 * is added or renamed does not compile until it is an option of training, or
 * it is said here what it concerns instead.
 *
 * @module
 */
import type { Config } from "../settings/config.ts";
import type { TrainingOptions } from "./training_options.ts";

type Settings = Config<"finetune">;

/** Each setting of training has an option of its name, but for the rate. */
type TrainingSetting = keyof Settings & (keyof TrainingOptions | "lr");

/** What a setting concerns that is no option of training. */
type Concern =
  /** Which model is trained, and how it starts. */
  | "model"
  /** Which table and splits are read. */
  | "data"
  /** How text is read and encoded. */
  | "text"
  /** What computes. */
  | "device"
  /** The run's directory, and what the task does besides training. */
  | "run";

/** What the other settings concern. */
export const OTHER_SETTINGS = {
  model: "model",
  weights: "model",
  heads: "model",
  labels: "model",
  newHead: "model",
  dropout: "model",
  init: "model",
  // Sections of the model: they become the option `frozen`.
  freeze: "model",
  cache: "model",
  catalogue: "model",
  data: "data",
  followBook: "data",
  maxLen: "text",
  truncation: "text",
  hypothesisOnly: "text",
  devFraction: "text",
  testFraction: "text",
  premiseField: "text",
  hypothesisField: "text",
  labelField: "text",
  single: "text",
  dataLabels: "text",
  delimiter: "text",
  quoting: "text",
  onBadRow: "text",
  workers: "data",
  device: "device",
  threads: "device",
  blas: "device",
  out: "run",
  resume: "run",
  goOn: "run",
  override: "run",
  overwrite: "run",
  keep: "run",
  fallback: "run",
  plan: "run",
  profile: "run",
  seeds: "run",
} as const satisfies Record<Exclude<keyof Settings, TrainingSetting>, Concern>;

/**
 * The settings that concern some of these, as {@link OTHER_SETTINGS} has them.
 *
 * @param concerns What they concern.
 */
export function settingsThatConcern(
  ...concerns: Concern[]
): (keyof typeof OTHER_SETTINGS)[] {
  const names = Object.keys(OTHER_SETTINGS) as (keyof typeof OTHER_SETTINGS)[];
  return names.filter((name) => concerns.includes(OTHER_SETTINGS[name]));
}

/** What settings come to with a model, data and a device. */
export type ResolvedOptions = Pick<
  TrainingOptions,
  "frozen" | "classWeights" | "microBatchTokens"
>;

/** The settings that training takes as they are. */
export type TrainingSettings = Omit<
  Pick<Settings, TrainingSetting>,
  keyof ResolvedOptions
>;

/**
 * The options of a training.
 *
 * @param settings Those of training; others are not read.
 * @param resolved What `freeze`, `classWeights` and `microBatchTokens` come to
 *   with the model, the data and the device.
 */
export function trainingOptions(
  settings: TrainingSettings,
  resolved: ResolvedOptions,
): TrainingOptions {
  return {
    epochs: settings.epochs,
    batchSize: settings.batchSize,
    limit: settings.limit,
    seed: settings.seed,
    logEvery: settings.logEvery,
    learningRate: settings.lr,
    schedule: settings.schedule,
    warmupSteps: settings.warmupSteps,
    warmupRatio: settings.warmupRatio,
    optimizer: settings.optimizer,
    weightDecay: settings.weightDecay,
    momentum: settings.momentum,
    layerDecay: settings.layerDecay,
    frozen: resolved.frozen,
    labelSmoothing: settings.labelSmoothing,
    classWeights: resolved.classWeights,
    maxGradNorm: settings.maxGradNorm,
    microBatchTokens: resolved.microBatchTokens,
    skipNonFinite: settings.skipNonFinite,
    bestBy: settings.bestBy,
    patience: settings.patience,
    minGain: settings.minGain,
    checkpointEvery: settings.checkpointEvery,
    checkpointMinutes: settings.checkpointMinutes,
  };
}
