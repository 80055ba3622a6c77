/**
 * Fine-tunes pretrained BERT for natural language inference: does a hypothesis
 * follow from a premise, contradict it, or neither?
 *
 * The way through: {@link openDevice} chooses what computes, {@link download}
 * brings a pretrained model and a data set, {@link openModel} and
 * {@link resolveSource} find them, {@link prepareTables} encodes the data set
 * for the model, {@link fineTune} trains, {@link evaluate} measures,
 * {@link classify} uses.
 *
 * All of the entries `text`, `weights`, `data`, `train` and `metrics` is here,
 * too. Nothing here prints, ends the process or listens to its signals.
 *
 * It needs `--allow-read` and `--allow-write` for the files that it is given,
 * and `--allow-net` to download what the package does not hold. With
 * `--allow-ffi` it uses a BLAS library if there is one, and with `--allow-env`
 * the one that `PREMISE_BLAS` names.
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
 *   prepareTables,
 *   resolveSource,
 *   tokenizerOptions,
 *   trainingDefaults,
 * } from "@premise/premise";
 *
 * await openDevice("cpu");
 *
 * // Both are in the package; others of the catalogue are downloaded first.
 * const folder = await Deno.makeTempDir();
 * const cache = `${folder}/cache`;
 * const pretrained = await openModel("bert.tiny", { cache });
 * const sample = await resolveSource("snli.sample", { cache, kind: "dataset" });
 *
 * const { config, vocabularyFile } = pretrained;
 * await prepareTables(`${folder}/data`, {
 *   data: [sample.directory],
 *   vocabularyFile,
 *   ...config.text,
 *   labels: config.labels,
 *   limit: 64,
 * });
 * const tables = await openTableFor(`${folder}/data`, pretrained);
 *
 * const model = createClassifier(pretrained, {
 *   seed: 0,
 *   text: tables.manifest.text,
 * });
 * await fineTune(model, {
 *   training: {
 *     ...trainingDefaults,
 *     epochs: 1,
 *     batchSize: 32,
 *     learningRate: 1e-3,
 *     logEvery: 1,
 *   },
 *   train: await tables.open("train"),
 *   test: await tables.open("test"),
 *   readEvery: 1,
 *   onStep: ({ step, loss }) => console.log(step, loss),
 *   onEpoch: ({ testAccuracy }) => console.log(testAccuracy),
 * });
 *
 * const [prediction] = await classify(
 *   model,
 *   [{ premise: "A man sleeps.", hypothesis: "A man is awake." }],
 *   {
 *     tokenizer: await openTokenizer(
 *       vocabularyFile,
 *       tokenizerOptions(config.text),
 *     ),
 *   },
 * );
 * console.log(prediction.label, prediction.probabilities);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @module
 */

// What computes.
export type { Device } from "./lib/device/device.ts";
export {
  type DeviceKind,
  type DeviceOptions,
  openDevice,
} from "./lib/device/mod.ts";
export type { GpuOptions } from "./lib/device/webgpu/open_device.ts";
export type { CpuOptions } from "./lib/device/cpu/backend.ts";

// Where models and data sets come from.
export {
  type Catalogue,
  type CatalogueEntry,
  findEntry,
  loadCatalogue,
} from "./lib/hub/catalogue/catalogue.ts";
export { download } from "./lib/hub/transfer/download.ts";
export type {
  ChooseFiles,
  DownloadOptions,
} from "./lib/hub/download_options.ts";
export {
  type ResolvedSource,
  resolveSource,
  type ResolveSourceOptions,
} from "./lib/hub/catalogue/resolve.ts";

// Text, weight files and data.
export * from "./lib/text/mod.ts";
export * from "./lib/weights/mod.ts";
export * from "./lib/data/mod.ts";

// Models.
export {
  createClassifier,
  type CreateClassifierOptions,
  loadClassifier,
} from "./lib/model/load.ts";
export { BertClassifier } from "./lib/model/classifier.ts";
export {
  classify,
  type ClassifyOptions,
  type Prediction,
} from "./lib/evaluate/classify.ts";
export type { InitStyle } from "./lib/model/initialise.ts";

// Training, and how well a model does.
export * from "./lib/train/mod.ts";
export * from "./lib/evaluate/metrics/mod.ts";

// How far the work is.
export type { OnProgress, Progress } from "./lib/base/progress.ts";

// What goes wrong for a reason that the user can mend.
export { UserError, type UserErrorOptions } from "./lib/base/errors.ts";
