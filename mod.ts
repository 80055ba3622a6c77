/**
 * Fine-tunes pretrained BERT for natural language inference: does a hypothesis
 * follow from a premise, contradict it, or neither?
 *
 * The way through: {@link openDevice} chooses what computes, {@link openModel}
 * reads a pretrained model, {@link prepareTables} encodes a data set for it,
 * {@link fineTune} trains, {@link evaluate} measures, {@link classify} uses.
 *
 * @example Fine-tune on a sample of SNLI, then classify a pair
 * ```ts
 * import {
 *   classify,
 *   createClassifier,
 *   fineTune,
 *   openDevice,
 *   openModel,
 *   openTableFor,
 *   openTokenizer,
 *   Optimizer,
 *   prepareTables,
 *   resolveSource,
 * } from "./mod.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const cache = `${folder}/cache`;
 * await openDevice("cpu");
 *
 * const pretrained = await openModel("fixtures/bert.tiny.zip", { cache });
 * const { config, vocabularyFile } = pretrained;
 * const { maxLength, labels, lowerCase } = config;
 * const tokenizer = { kind: config.tokenizer, lowerCase };
 * const text = { maxLength, truncation: "longest-first" } as const;
 *
 * const sample = await resolveSource("fixtures/snli_1.0.zip", {
 *   cache,
 *   kind: "dataset",
 * });
 * await prepareTables(`${folder}/data`, {
 *   ...{ data: [sample.directory], limit: 64, labels },
 *   ...{ vocabularyFile, tokenizer, ...text },
 * });
 * const tables = await openTableFor(`${folder}/data`, pretrained);
 *
 * const model = createClassifier(pretrained, { seed: 0 });
 * await fineTune(model, {
 *   train: await tables.open("train"),
 *   test: await tables.open("test"),
 *   optimizer: new Optimizer(model.parameters, { optimizer: "adam" }),
 *   ...{ epochs: 1, batchSize: 32, learningRate: 1e-3, seed: 0 },
 *   ...{ logEvery: 1, readEvery: 1 },
 *   onStep: ({ step, loss }) => console.log(step, loss),
 *   onEpoch: ({ testAccuracy }) => console.log(testAccuracy),
 * });
 *
 * const [prediction] = await classify(
 *   model,
 *   [{ premise: "A man sleeps.", hypothesis: "A man is awake." }],
 *   { tokenizer: await openTokenizer(vocabularyFile, tokenizer), ...text },
 * );
 * console.log(prediction.label, prediction.probabilities);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @module
 */

// What computes.
export {
  type Device,
  type DeviceKind,
  type DeviceOptions,
  openDevice,
} from "./lib/device/mod.ts";
export type { GpuOptions } from "./lib/device/gpu.ts";
export type { CpuOptions } from "./lib/device/native/backend.ts";

// Models.
export {
  createClassifier,
  loadClassifier,
  openModel,
  type OpenModelOptions,
} from "./lib/model/open.ts";
export { BertClassifier } from "./lib/model/classifier.ts";
export type { InitStyle } from "./lib/model/initialise.ts";
export type { FloatArray, NamedArrays } from "./lib/weights/arrays.ts";
export type { ModelConfig } from "./lib/weights/model_config.ts";
export {
  type ModelToWrite,
  type OpenedModel,
  writeModelDir,
} from "./lib/weights/model_dir.ts";
export type { Naming } from "./lib/weights/name_table.ts";

// Data.
export {
  type ResolvedSource,
  resolveSource,
  type ResolveSourceOptions,
} from "./lib/hub/resolve.ts";
export type {
  Catalogue,
  CatalogueEntry,
  ModelFacts,
} from "./lib/hub/catalogue.ts";
export {
  type PreparedTables,
  prepareTables,
  type PrepareTablesOptions,
} from "./lib/data/prepare.ts";
export type { GivenFields } from "./lib/data/field_names.ts";
export type { FormatOptions } from "./lib/data/row_format.ts";
export { openTableFor } from "./lib/train/open_table.ts";
export type { Table } from "./lib/data/table.ts";
export type { TableDir } from "./lib/data/table_dir.ts";
export type {
  SplitRecord,
  TableManifest,
  TableSettings,
} from "./lib/data/table_manifest.ts";

// Text.
export type { PairOptions, Truncation } from "./lib/text/pair.ts";
export {
  openTokenizer,
  type Tokenizer,
  type TokenizerOptions,
} from "./lib/text/tokenizer.ts";

// Training.
export {
  evaluate,
  type EvaluateOptions,
  scoreTable,
} from "./lib/train/evaluate.ts";
export { fineTune, type FineTuneOptions } from "./lib/train/loop.ts";
export { Optimizer } from "./lib/train/optimizer.ts";
export type {
  OptimizerName,
  OptimizerOptions,
} from "./lib/train/optimizer_options.ts";
export type { ChooseEpochOptions } from "./lib/train/choose_epoch.ts";
export type { NotFiniteStep } from "./lib/train/not_finite.ts";
export type { OnPhase, Phase } from "./lib/train/profile.ts";
export type { Schedule, ScheduleOptions } from "./lib/train/schedule.ts";
export type { EpochScores, TrainState } from "./lib/train/state.ts";
export type { EpochEvent, StepEvent } from "./lib/log/events.ts";
export type { OnProgress, Progress } from "./lib/progress.ts";

// How well a model does.
export { scoreLogits, type Scores } from "./lib/metrics/scores.ts";
export {
  type ClassificationMetrics,
  classificationMetrics,
} from "./lib/metrics/classification.ts";
export { reliabilityTable } from "./lib/metrics/calibration.ts";
export {
  bootstrapIntervals,
  type BootstrapOptions,
} from "./lib/metrics/bootstrap.ts";
export { compareScores, type Comparison } from "./lib/metrics/compare.ts";
export {
  type HardestExamples,
  hardestExamples,
} from "./lib/metrics/hardest.ts";
export type {
  BootstrapIntervals,
  ClassMetrics,
  ComparisonEvent,
  HardExample,
  MetricsEvent,
  ReliabilityBin,
  ScalarMetrics,
} from "./lib/log/events.ts";

// Use.
export { classify, type Prediction } from "./lib/model/classify.ts";
export type { Pair } from "./lib/data/pairs.ts";

// What goes wrong for a reason that the user can mend.
export { UserError, type UserErrorOptions } from "./lib/errors.ts";
