/**
 * Encodes what `--data` names for a model: the work of `preprocess`, and of
 * `finetune` where it is given text.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import {
  type PreparedTables,
  prepareTables,
} from "../../data/encode/prepare.ts";
import type { PrepareTablesOptions } from "../../data/encode/prepare_options.ts";
import { refuseOtherName } from "../../data/read/format/file_names.ts";
import {
  isPipe,
  isStandardInput,
  parseSpec,
} from "../../data/sources/data_spec.ts";
import { chooseDataFiles } from "../../data/sources/hub/hub_folder.ts";
import type { DataSource } from "../../data/sources/source.ts";
import { lossWarnings } from "../../data/table/warnings/loss_warnings.ts";
import type { Log } from "../../events/log.ts";
import {
  type Catalogue,
  loadCatalogue,
} from "../../hub/catalogue/catalogue.ts";
import { resolveSource } from "../../hub/catalogue/resolve.ts";
import type { Config } from "../../settings/config.ts";
import { isAuto, namesGiven } from "../../settings/fields/label_names.ts";
import type { TextRecipe } from "../../text/recipe.ts";
import type { ModelConfig } from "../../weights/model_config.ts";
import type { OpenedModel } from "../../weights/model_dir.ts";
import { openModel } from "../../weights/open_model.ts";

/** The settings of text, rows and model that the tasks have in common. */
export type EncodeSettings =
  & Omit<
    Pick<
      Config<"preprocess">,
      keyof Config<"preprocess"> & keyof Config<"finetune"> & string
    >,
    "data" | "out" | "overwrite"
  >
  & Pick<Config<"preprocess">, "model">;

/** What is to be encoded, found and open. */
export interface OpenedSources {
  /** The model, for its vocabulary, its text and its labels. */
  model: OpenedModel;
  /** Files and directories, as {@link prepareTables} takes them. */
  data: DataSource[];
}

/**
 * Finds the model and the data.
 *
 * @param specs As `--data` gives them.
 * @param settings What they are for.
 * @throws {UserError} If one of them is missing.
 */
export async function openSources(
  specs: readonly string[],
  settings: EncodeSettings,
): Promise<OpenedSources> {
  checkInputs(specs);
  const { cache, heads, labels } = settings;
  // Its configuration and its vocabulary are enough.
  const model = await openModel(settings.model, {
    cache,
    catalogue: settings.catalogue,
    textOnly: true,
    heads,
    labels: namesGiven(labels),
    maxLength: settings.maxLen,
  });
  return { model, data: await findSources(specs, settings) };
}

/**
 * Finds the data.
 *
 * @param specs As `--data` gives them.
 * @param settings Where they may be.
 * @return Files and directories, as {@link prepareTables} takes them.
 * @throws {UserError} If one of them is missing.
 */
export async function findSources(
  specs: readonly string[],
  settings: Pick<EncodeSettings, "cache" | "catalogue">,
): Promise<DataSource[]> {
  checkInputs(specs);
  const catalogue = await loadCatalogue(settings.catalogue);
  return await Promise.all(
    specs.map((spec) => findData(spec, settings, catalogue)),
  );
}

/** How {@link encodeSources} goes about it. */
export interface EncodeContext {
  /** The settings. */
  config: EncodeSettings;
  /** Examples to take of each split; all if absent. */
  limit?: number | undefined;
  /** Which split a lone file is; `train` if absent. */
  loneSplit?: string | undefined;
  /** Whether tables of other files may be replaced. */
  overwrite?: boolean | undefined;
  /** Whether the directory gets one of its own for each content. */
  byFingerprint?: boolean;
  /** Is told what is understood, and how far it is. */
  log: Log;
  /** Stops the work. */
  signal: AbortSignal;
}

/**
 * Encodes data for a model, and tells what the user should know of it.
 *
 * @param directory Where the tables are written.
 * @param sources What {@link openSources} found.
 * @param context The settings, and who is told.
 * @throws {UserError} As {@link prepareTables} does.
 */
export async function encodeSources(
  directory: string,
  { model, data }: OpenedSources,
  { config, limit, loneSplit, overwrite, byFingerprint, log, signal }:
    EncodeContext,
): Promise<PreparedTables> {
  model.warnings.forEach((warning) => log.emit(warning));
  const prepared = await prepareTables(directory, {
    data,
    vocabularyFile: model.vocabularyFile,
    ...textRecipe(model.config, config),
    ...labelsFor(model, { ...config, auto: isAuto(config.labels) }),
    dataLabels: config.dataLabels,
    fields: {
      premise: config.premiseField,
      hypothesis: config.hypothesisField,
      label: config.labelField,
    },
    single: config.single,
    delimiter: config.delimiter?.replace("\\t", "\t"),
    quoting: config.quoting,
    onBadRow: config.onBadRow,
    limit,
    loneSplit,
    testFraction: config.testFraction,
    devFraction: config.devFraction,
    workers: config.workers,
    byFingerprint,
    overwrite,
    onProgress: log.progress,
    onWarning: log.emit,
    signal,
  });
  const { manifest, numbered } = prepared;
  const { labels } = manifest;
  const { dataLabels } = config;
  if (numbered && !dataLabels) {
    warnOfNumbers(labels, labels.map((_, i) => `${i}`), log);
  } else if (!config.labels && dataLabels && !labels.includes(dataLabels[0])) {
    // Who gives numbers alone may not know what the model calls them.
    warnOfNumbers(labels, dataLabels, log);
  }
  const { model: name } = config;
  lossWarnings(manifest, { directory: prepared.directory, model: name })
    .forEach((warning) => log.emit(warning));
  return prepared;
}

/** How the model's text is made, but for what the flags say. */
function textRecipe(
  { text }: ModelConfig,
  config: EncodeSettings,
): TextRecipe {
  const { truncation = text.truncation } = config;
  return { ...text, truncation, sentences: meantSentences(text, config) };
}

/** What the flags ask for may be another task than the model's. */
function meantSentences(
  { sentences }: TextRecipe,
  { single, hypothesisOnly, hypothesisField }: EncodeSettings,
): TextRecipe["sentences"] {
  if (single) return "single";
  if (hypothesisOnly) return "hypothesis-only";
  return hypothesisField && sentences === "single" ? undefined : sentences;
}

/** A model without names of its own has those of the data. */
function labelsFor(
  { config, hasHead, labelSource }: OpenedModel,
  { auto, newHead }: { auto: boolean; newHead?: boolean | undefined },
): Pick<PrepareTablesOptions, "labels" | "usualLabels"> {
  const unnamed = labelSource === "usual" && !hasHead ||
    newHead && labelSource !== "given";
  if (!auto && !unnamed) return { labels: config.labels };
  return { labels: null, usualLabels: auto ? undefined : config.labels };
}

/** Standard input is one file. */
function checkInputs(specs: readonly string[]): void {
  const inputs = specs.filter(isStandardInput);
  if (inputs.length < 2) return;
  throw new UserError(
    `Cannot read standard input as both ${inputs.join(" and ")}`,
    { code: "bad-usage", hint: "give a file for each other --data" },
  );
}

/** Numbers mean nothing without an order, and Hugging Face has another. */
function warnOfNumbers(
  labels: readonly string[],
  numbers: readonly string[],
  log: Log,
): void {
  const meanings = labels.map((label, i) => `${numbers[i]} for ${label}`);
  log.emit({
    event: "warning",
    code: "numbered-labels",
    message: `The data's labels are numbers, taken as ${meanings.join(", ")}`,
    hint:
      "--data-labels A,B,C gives the order of the data, as Hugging Face's " +
      "entailment,neutral,contradiction; --labels A,B,C names other labels",
  });
}

/** The directory or file of what `--data` names; `SPLIT=FILE` stays. */
async function findData(
  spec: string,
  { cache }: Pick<EncodeSettings, "cache">,
  catalogue: Catalogue,
): Promise<DataSource> {
  if (parseSpec(spec).split !== null || isStandardInput(spec)) return spec;
  if (await isPipe(spec)) return spec;
  refuseOtherName(spec);
  const { directory, config, pinned } = await resolveSource(spec, {
    cache,
    kind: "dataset",
    catalogue,
    chooseData: chooseDataFiles,
  });
  return pinned === undefined ? directory : { directory, config };
}
