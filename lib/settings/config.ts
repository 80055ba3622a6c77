/**
 * Which settings each task has, and what must hold between them; fields/ has
 * every setting once, with its type, range, default and help text. Flags,
 * configuration files, the usage text and the JSON Schema come from here.
 *
 * @module
 */
import { z } from "zod";
import { fields } from "./fields/mod.ts";
import {
  drawnSettings,
  fixedSettings,
  listedSettings,
  settledTwice,
} from "./sweep_settings.ts";

/** What a rule on several fields says; told along with bad values of others. */
function rule(error: string | ((config: unknown) => string)) {
  const told = typeof error === "string"
    ? error
    : ({ input }: { input?: unknown }) => error(input);
  return { error: told, when: () => true };
}

/** How rows of text are read out of files. */
const rowFields = {
  delimiter: fields.delimiter,
  quoting: fields.quoting,
  onBadRow: fields.onBadRow,
  premiseField: fields.premiseField,
  hypothesisField: fields.hypothesisField,
};

/** The same of rows that have labels. */
const labelledRowFields = {
  ...rowFields,
  labelField: fields.labelField,
  dataLabels: fields.dataLabels,
};

/** How files of text become encoded data, apart from which labels there are. */
const encodingFields = {
  maxLen: fields.maxLen,
  truncation: fields.truncation,
  hypothesisOnly: fields.hypothesisOnly,
  devFraction: fields.devFraction,
  testFraction: fields.testFraction,
  ...labelledRowFields,
  single: fields.single,
  workers: fields.workers,
};

/** The settings of the tasks that are described field by field. */
const schemas = {
  download: z.strictObject({
    model: fields.modelName,
    dataset: fields.datasetName,
    cache: fields.cache,
    hub: fields.hub,
    catalogue: fields.catalogue,
    offline: fields.offline,
    list: fields.list,
    verify: fields.verify,
  }).refine(
    ({ model, dataset, list, verify }) => model || dataset || list || verify,
    rule(
      "nothing to download: give --model NAME, --dataset NAME or both " +
        "(--list shows the names)",
    ),
  ).refine(
    ({ model, dataset, list, verify }) =>
      [model || dataset, list, verify].filter(Boolean).length <= 1,
    rule("--list and --verify are used alone, without --model or --dataset"),
  ),
  preprocess: z.strictObject({
    model: fields.pretrained,
    data: fields.sources,
    out: fields.tableOut,
    overwrite: fields.replaceTable,
    limit: fields.limit,
    dev: fields.dev,
    ...encodingFields,
    labels: fields.labelsOrAuto,
    heads: fields.heads,
    expectRows: fields.expectRows,
    cache: fields.cache,
    catalogue: fields.catalogue,
  }).refine(
    ({ dev, devFraction }) => dev === undefined || devFraction === undefined,
    rule("--dev and --dev-fraction exclude each other"),
  ).refine(
    ({ devFraction = 0, testFraction = 0 }) => devFraction + testFraction < 1,
    rule("--dev-fraction and --test-fraction leave nothing to train on"),
  ).refine(
    ({ single, hypothesisField }) => !(single && hypothesisField),
    rule("--single and --hypothesis-field exclude each other"),
  ).refine(
    ({ single, hypothesisOnly }) => !(single && hypothesisOnly),
    rule("--single has no hypotheses: leave out --hypothesis-only"),
  ),
  finetune: z.strictObject({
    model: fields.pretrained,
    data: fields.tableOrSources,
    out: fields.runOut,
    ...encodingFields,
    epochs: fields.epochs,
    batchSize: fields.batchSize,
    lr: fields.lr,
    schedule: fields.schedule,
    warmupSteps: fields.warmupSteps,
    warmupRatio: fields.warmupRatio,
    optimizer: fields.optimizer,
    weightDecay: fields.weightDecay,
    momentum: fields.momentum,
    layerDecay: fields.layerDecay,
    maxGradNorm: fields.maxGradNorm,
    freeze: fields.freeze,
    labelSmoothing: fields.labelSmoothing,
    classWeights: fields.classWeights,
    dropout: fields.dropout,
    init: fields.init,
    seed: fields.seed,
    device: fields.device,
    fallback: fields.fallback,
    threads: fields.threads,
    blas: fields.blas,
    weights: fields.weights,
    heads: fields.heads,
    labels: fields.labelsOrAuto,
    newHead: fields.newHead,
    limit: fields.limit,
    followBook: fields.followBook,
    bestBy: fields.bestBy,
    patience: fields.patience,
    minGain: fields.minGain,
    skipNonFinite: fields.skipNonFinite,
    resume: fields.resume,
    goOn: fields.goOn,
    override: fields.override,
    overwrite: fields.overwrite,
    checkpointEvery: fields.checkpointEvery,
    checkpointMinutes: fields.checkpointMinutes,
    keep: fields.keep,
    microBatchTokens: fields.microBatchTokens,
    logEvery: fields.logEvery,
    plan: fields.plan,
    seeds: fields.seeds,
    profile: fields.profile,
    cache: fields.cache,
    catalogue: fields.catalogue,
  }).refine(
    (config) => !(config.resume && config.overwrite),
    rule("--resume and --overwrite exclude each other"),
  ).refine(
    (config) => !(config.goOn && (config.resume || config.overwrite)),
    rule("--go-on stands alone, without --resume or --overwrite"),
  ).refine(
    (config) => !config.override || config.resume || config.goOn,
    rule("--override needs --resume or --go-on"),
  ).refine(
    (config) =>
      !config.followBook ||
      config.bestBy === undefined && config.patience === undefined,
    rule("--follow-book chooses no model: leave out --best-by and --patience"),
  ).refine(
    (config) => !(config.plan && config.seeds),
    rule("--plan and --seeds exclude each other"),
  ).refine(
    (config) => config.minGain === undefined || config.patience !== undefined,
    rule("--min-gain needs --patience"),
  ).refine(
    ({ warmupSteps, warmupRatio }) =>
      warmupSteps === undefined || warmupRatio === undefined,
    rule("--warmup-steps and --warmup-ratio exclude each other"),
  ).refine(
    ({ optimizer, weightDecay }) =>
      weightDecay === undefined || ["adamw", "sgd"].includes(optimizer),
    rule("--weight-decay needs --optimizer adamw or sgd"),
  ).refine(
    ({ optimizer, momentum }) => momentum === undefined || optimizer === "sgd",
    rule("--momentum needs --optimizer sgd"),
  ),
  eval: z.strictObject({
    model: fields.trained,
    data: fields.evalData,
    split: fields.split,
    ...labelledRowFields,
    batchSize: fields.evalBatchSize,
    bootstrap: fields.bootstrap,
    seed: fields.bootstrapSeed,
    against: fields.against,
    out: fields.metricsOut,
    predictions: fields.predictions,
    showHardest: fields.showHardest,
    minAccuracy: fields.minAccuracy,
    limit: fields.limit,
    device: fields.device,
    threads: fields.threads,
    blas: fields.blas,
    weights: fields.weights,
    heads: fields.heads,
    labels: fields.labels,
    cache: fields.cache,
    catalogue: fields.catalogue,
  }),
  predict: z.strictObject({
    model: fields.trained,
    data: fields.questions,
    premise: fields.premise,
    hypothesis: fields.hypothesis,
    maxLen: fields.maxLen,
    truncation: fields.truncation,
    ...rowFields,
    single: fields.single,
    batchSize: fields.evalBatchSize.default(64),
    device: fields.device,
    threads: fields.threads,
    blas: fields.blas,
    weights: fields.weights,
    heads: fields.heads,
    labels: fields.labels,
    cache: fields.cache,
    catalogue: fields.catalogue,
  }).refine(
    ({ data, premise, hypothesis }) =>
      data === undefined || premise === undefined && hypothesis === undefined,
    rule("--data excludes --premise and --hypothesis"),
  ).refine(
    ({ single, hypothesisField }) => !(single && hypothesisField),
    rule("--single and --hypothesis-field exclude each other"),
  ),
  export: z.strictObject({
    model: fields.trained,
    format: fields.exportFormat,
    out: fields.exportOut,
    overwrite: fields.replaceExport,
    license: fields.license,
    language: fields.language,
    weights: fields.weights,
    heads: fields.heads,
    labels: fields.labels,
    cache: fields.cache,
    catalogue: fields.catalogue,
  }).refine(
    ({ weights }) => weights !== "random",
    rule("random weights are nobody's model: --weights names a file"),
  ),
  doctor: z.strictObject({ threads: fields.threads, blas: fields.blas }),
  verify: z.strictObject({ run: fields.run, accept: fields.accept }),
  demo: z.strictObject({ model: fields.run }),
  compile: z.strictObject({ tasks: fields.tasks, out: fields.dist }),
};

/** The settings of each task, by the names of flags and config files. */
export const taskSchemas = {
  ...schemas,
  sweep: z.strictObject({
    settings: fixedSettings(schemas.finetune.shape),
    vary: listedSettings(schemas.finetune.shape),
    ranges: drawnSettings(schemas.finetune.shape),
    trials: fields.trials,
    seed: fields.drawSeed,
    seeds: fields.sweepSeeds,
    metric: fields.metric,
    out: fields.sweepOut,
    overwrite: fields.retrain,
  }).refine(
    (config) => settledTwice(config).length === 0,
    rule((config) =>
      `${settledTwice(config).join(", ")}: a setting stands in one of ` +
      "settings, vary and ranges"
    ),
  ).refine(
    ({ ranges, trials }) =>
      trials !== undefined || Object.keys(Object(ranges)).length === 0,
    rule("ranges need --trials, the number of draws"),
  ),
};

/** Settings of a task of which only one may be given, defaults apart. */
export const exclusiveSettings: Partial<
  Record<TaskName, readonly (readonly [string, string])[]>
> = { finetune: [["seed", "seeds"]] };

/** The names of the tasks. */
export type TaskName = keyof typeof taskSchemas;

/** The resolved settings of a task. */
export type Config<T extends TaskName> = z.infer<(typeof taskSchemas)[T]>;

/** One line on what each task does. */
export const taskSummaries: Record<TaskName, string> = {
  download: "fetch a pretrained model or a data set into the cache",
  preprocess: "turn pairs of sentences into tables of tokens",
  finetune: "fine-tune a pretrained BERT to classify pairs",
  eval: "measure a fine-tuned model on one split",
  sweep: "fine-tune with many settings and seeds, and compare",
  predict: "classify one pair, or JSON lines from standard input",
  export: "make of a fine-tuned model what another program opens",
  doctor: "tell what this machine has to train with, and whether it works",
  verify: "check that a run is as it was written, and that its bits come again",
  demo: "sum up a run in the book's words",
  compile: "make a standalone executable of each task",
};
