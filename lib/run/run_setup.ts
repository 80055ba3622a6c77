/**
 * What a run is made of: opened as its settings say, before anything is
 * written.
 *
 * @module
 */
import type { TableDir } from "../data/table/table_dir.ts";
import type { Device } from "../device/device.ts";
import { type DeviceOptions, openDevice } from "../device/mod.ts";
import type { BertClassifier } from "../model/classifier.ts";
import { createClassifier } from "../model/load.ts";
import { frozenParameters } from "../optim/parameter_groups.ts";
import type { Config } from "../settings/config.ts";
import { namesGiven } from "../settings/fields/label_names.ts";
import { resolveClassWeights } from "../train/class_weights.ts";
import { openTableFor } from "../train/data/open_table.ts";
import { openSplits, type Splits } from "../train/data/splits.ts";
import { tokensAtOnce } from "../train/memory.ts";
import type { TrainingOptions } from "../train/training_options.ts";
import { trainingOptions } from "../train/training_settings.ts";
import type { NamedArrays } from "../weights/formats/arrays.ts";
import type { OpenedModel } from "../weights/model_dir.ts";
import { openModel, type OpenModelOptions } from "../weights/open_model.ts";
import { parameterShapes } from "../weights/shapes.ts";
import type { RunSettings } from "./run_data.ts";

type Settings = RunSettings;

/** What a run is made of. */
export interface RunSetup {
  settings: Settings;
  /** The model that training starts from. */
  pretrained: OpenedModel;
  tables: TableDir;
  splits: Splits;
  device: Device;
  training: TrainingOptions;
}

/** What a run is made of, less what computes. */
type Inputs = Pick<RunSetup, "pretrained" | "tables" | "splits"> & {
  /** The parameters that stay as they are. */
  frozen: ReturnType<typeof frozenParameters>;
  /** How much an example of each class counts; undefined if all count alike. */
  classWeights: TrainingOptions["classWeights"];
};

/**
 * Opens model and data, as a run does before it trains.
 *
 * @param settings What to train, and how.
 * @throws {UserError} If something is missing or does not fit the rest.
 */
export async function openInputs(settings: Settings): Promise<Inputs> {
  const model = await openModel(settings.model, modelOptions(settings));
  const tables = await openTableFor(settings.data, model, { training: true });
  // From here on the model reads as its training data were made, and an output
  // layer that is yet to be learned has their classes.
  const { text, labels } = tables.manifest;
  const pretrained = { ...model, config: { ...model.config, text, labels } };
  const { followBook, bestBy, patience } = settings;
  const splits = await openSplits(tables, { followBook, bestBy, patience });
  const frozen = frozenParameters(
    [...parameterShapes(pretrained.config).keys()],
    settings.freeze ?? [],
  );
  const classWeights = resolveClassWeights(
    settings.classWeights,
    pretrained.config.labels,
    { train: splits.train, limit: settings.limit },
  );
  return { pretrained, tables, splits, frozen, classWeights };
}

/**
 * Opens model, data and device.
 *
 * @param settings What to train, and how.
 * @param options The device, if it is open already.
 * @throws {UserError} If something is missing or does not fit the rest.
 */
export async function openRunSetup(
  settings: Settings,
  options: { device?: Device | undefined } = {},
): Promise<RunSetup> {
  const { frozen, classWeights, ...inputs } = await openInputs(settings);
  const { pretrained, tables } = inputs;
  const device = options.device ?? await openRunDevice(settings);
  const microBatchTokens = device.kind === "cpu"
    ? tokensOnCpu(pretrained, tables, settings)
    : settings.microBatchTokens;
  const training = trainingOptions(settings, {
    frozen,
    classWeights,
    microBatchTokens,
  });
  return { settings, ...inputs, device, training };
}

/**
 * Puts the model on the device: as it is before training, or as a checkpoint
 * has it.
 *
 * @param setup The run.
 * @param arrays The checkpoint's parameters, if there is one.
 */
export function createModel(
  { settings, pretrained }: RunSetup,
  arrays: NamedArrays = pretrained.arrays,
): BertClassifier {
  const { seed, init } = settings;
  return createClassifier({ ...pretrained, arrays }, { seed, init });
}

/** All of them by name: what is left out here would be left out in silence. */
function modelOptions(settings: Settings): Required<OpenModelOptions> {
  return {
    cache: settings.cache,
    catalogue: settings.catalogue,
    weights: settings.weights,
    heads: settings.heads,
    labels: namesGiven(settings.labels),
    dropout: settings.dropout,
    // The model's own; the table's may be smaller.
    maxLength: undefined,
    newHead: settings.newHead,
    textOnly: undefined,
  };
}

/**
 * Opens the device of a run.
 *
 * @param settings Which it is, and how it computes.
 */
export async function openRunDevice(
  settings: Config<"finetune">,
): Promise<Device> {
  return await openDevice(settings.device, deviceOptions(settings));
}

/** As {@link modelOptions}. */
function deviceOptions(settings: Config<"finetune">): Required<DeviceOptions> {
  return {
    threads: settings.threads,
    blas: settings.blas,
    // A plan writes nothing, and so keeps no measurements either.
    cache: settings.plan ? undefined : settings.cache,
  };
}

/** How many tokens the CPU computes at once. */
function tokensOnCpu(
  { config }: OpenedModel,
  { manifest }: TableDir,
  { batchSize, microBatchTokens }: Settings,
): number {
  const { rows, tokens } = manifest.splits.train;
  const meanLength = tokens / rows;
  return tokensAtOnce(config, {
    requested: microBatchTokens,
    batchTokens: meanLength * Math.min(rows, batchSize),
    meanLength,
    longest: manifest.text.maxLength,
  });
}
