/**
 * Training: fine-tunes a classifier over shuffled batches, and measures it.
 *
 * Take this entry for the loop and its parts: optimizers, schedules of the
 * learning rate, the choice of the best epoch. Device and model come from the
 * main entry, tables of token ids from `data`.
 *
 * @example Train with warm-up, and measure
 * ```ts
 * import { createClassifier, openDevice, openModel } from "@premise/premise";
 * import { prepareTables } from "@premise/premise/data";
 * import {
 *   evaluate,
 *   fineTune,
 *   openTableFor,
 *   trainingDefaults,
 * } from "@premise/premise/train";
 * import { assertEquals } from "@std/assert";
 *
 * await openDevice("cpu");
 * const folder = await Deno.makeTempDir();
 * const pretrained = await openModel("bert.tiny", { cache: `${folder}/cache` });
 *
 * await Deno.writeTextFile(
 *   `${folder}/pairs.jsonl`,
 *   `{"premise": "A dog runs.", "hypothesis": "It moves.", "label": "entailment"}
 * {"premise": "A dog runs.", "hypothesis": "It sleeps.", "label": "contradiction"}`,
 * );
 * const { config, vocabularyFile } = pretrained;
 * await prepareTables(`${folder}/table`, {
 *   data: [`train=${folder}/pairs.jsonl`],
 *   vocabularyFile,
 *   ...config.text,
 *   labels: config.labels,
 * });
 * const tables = await openTableFor(`${folder}/table`, pretrained);
 * const train = await tables.open("train");
 *
 * const model = createClassifier(pretrained, { seed: 0 });
 * const rates: number[] = [];
 * await fineTune(model, {
 *   training: {
 *     ...trainingDefaults,
 *     optimizer: "adamw",
 *     epochs: 4,
 *     batchSize: 2,
 *     learningRate: 1e-3,
 *     schedule: "linear",
 *     warmupSteps: 2,
 *     logEvery: 1,
 *   },
 *   train,
 *   readEvery: 1,
 *   onStep: ({ learningRate }) => rates.push(learningRate),
 * });
 * assertEquals(rates, [0, 5e-4, 1e-3, 5e-4]);
 *
 * const { examples } = await evaluate(model, train, { batchSize: 2 });
 * assertEquals(examples, 2);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @module
 */
export {
  chooseEpoch,
  type ChooseEpochOptions,
  type EpochChoice,
} from "./choose_epoch.ts";
export { balancedClassWeights } from "./class_weights.ts";
export {
  evaluate,
  type EvaluateOptions,
  scoreTable,
} from "../evaluate/evaluate.ts";
export { fineTune, type FineTuneOptions } from "./loop.ts";
export { trainingDefaults } from "./training_defaults.ts";
export type { StepSettings, TrainingOptions } from "./training_options.ts";
export type { SavingOptions } from "./save_clock.ts";
export type { LossOptions } from "../ops/cross_entropy/targets.ts";
export type { NotFiniteStep } from "./not_finite.ts";
export { openTableFor, type OpenTableOptions } from "./data/open_table.ts";
export { Optimizer } from "../optim/optimizer.ts";
export type {
  OptimizerName,
  OptimizerOptions,
} from "../optim/optimizer_options.ts";
export type { OnPhase, Phase } from "../profile/profile.ts";
export {
  learningRateAt,
  type Schedule,
  type ScheduleOptions,
} from "../optim/schedule.ts";
export type { EpochScores, ResumePoint, TrainState } from "./state.ts";
export type { EpochEvent, StepEvent } from "../events/events.ts";
