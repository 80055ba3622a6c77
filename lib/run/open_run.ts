/**
 * Opens a run: first all that it takes, then its directory.
 *
 * @module
 */
import { versions } from "../base/versions.ts";
import type { Device } from "../device/device.ts";
import type { WarningEvent } from "../events/events.ts";
import type { Log } from "../events/log.ts";
import type { BertClassifier } from "../model/classifier.ts";
import type { Config } from "../settings/config.ts";
import { chooseEpoch } from "../train/choose_epoch.ts";
import { pinModel } from "../weights/open_model.ts";
import { renamedLabels } from "./resume/renamed_labels.ts";
import { openRunData, type RunData, type RunDataContext } from "./run_data.ts";
import { checkOut, type OpenedRun, openRunDir } from "./run_dir.ts";
import {
  createModel,
  openRunDevice,
  openRunSetup,
  type RunSetup,
} from "./run_setup.ts";
import { RunWriter } from "./run_writer.ts";
import { dataEvent, tellClasses, tellWeights } from "./tell_run.ts";

/** Who is told of a run that is opened. */
export interface OpenRunContext extends Omit<RunDataContext, "onText"> {
  /** Tells that the work begins, and on which device. */
  start(device: string): void;
}

/** What a run is made of, and the columns of its text if that is new. */
export interface ReadyRun extends RunSetup {
  columns: RunData["columns"];
  /** What was told of the model while its text was encoded. */
  told: RunData["told"];
  /** What there is to know of the way to the model. */
  found: readonly WarningEvent[];
  /** Tells that the work begins, unless that was told before the encoding. */
  begin(): void;
}

/**
 * Opens all that a run takes; text is encoded first.
 *
 * @param asked The run's settings.
 * @param context Who is told.
 * @throws {UserError} If something is missing or does not fit the rest.
 */
export async function openRun(
  asked: Config<"finetune">,
  context: OpenRunContext,
): Promise<ReadyRun> {
  // A branch of the hub may be another commit when the run goes on.
  const found: WarningEvent[] = [];
  const model = await pinModel(asked.model, {
    cache: asked.cache,
    catalogue: asked.catalogue,
    onWarning: (warning) => found.push(warning),
  });
  const given = { ...asked, model };
  let device: Device | undefined;
  const { settings, columns, told } = await openRunData(given, {
    ...context,
    onText: async () => {
      if (!given.plan) await checkOut(given.out, given);
      device = await openRunDevice(given);
      context.start(device.description);
    },
  });
  const setup = await openRunSetup(settings, { device });
  const begin = () => device || context.start(setup.device.description);
  return { ...setup, columns, told, found, begin };
}

/** A run whose directory is open. */
export interface BegunRun extends RunSetup, OpenedRun {
  model: BertClassifier;
  writer: RunWriter;
}

/**
 * Opens the run's directory, and tells that the run begins or goes on.
 *
 * @param ready What it is made of.
 * @param log Who is told.
 * @throws {UserError} As {@link openRunDir} does.
 */
export async function beginRun(ready: ReadyRun, log: Log): Promise<BegunRun> {
  const { settings, pretrained, tables, splits, device } = ready;
  const { labels } = pretrained.config;
  const named = settings.resume || settings.goOn
    ? await renamedLabels(settings.out, labels)
    : labels;
  const opened = await openOut(ready);
  const { record, checkpoint, warnings } = opened;
  const { classWeights } = record;
  const training = { ...ready.training, classWeights };
  const model = createModel(ready, checkpoint?.parameters);
  const writer = new RunWriter(settings.out, {
    pretrained: {
      ...pretrained,
      config: { ...pretrained.config, labels: named },
    },
    model,
    device,
    log,
    data: tables.manifest.fingerprint,
    keep: settings.keep,
    bestEpoch: splits.dev &&
      (({ scores }) => chooseEpoch(scores, training).epoch),
  }, checkpoint);
  device.adopt(record.tuned ?? {});
  ready.begin();
  log.emit(dataEvent({ ...ready, training }, ready.columns));
  // A run that goes on has told it.
  if (!checkpoint) {
    warnings.unshift(...tellOnce(ready), ...tellClasses(ready));
  }
  warnings.forEach((warning) => log.emit(warning));
  return { ...ready, ...opened, training, model, writer };
}

/** What there is to know of the model, and was not told for its text. */
function tellOnce({ told = [], found, pretrained }: ReadyRun): WarningEvent[] {
  const all = [...found, ...tellWeights(pretrained)];
  const messages = all.map(({ message }) => message);
  const before = told.map(({ message }) => message);
  return all.filter(({ message }, i) =>
    messages.indexOf(message) === i && !before.includes(message)
  );
}

/** Opens the directory that the run is written to. */
async function openOut(
  { settings, pretrained, tables, device, training }: RunSetup,
): Promise<OpenedRun> {
  const { out, data, resume, goOn, override, overwrite } = settings;
  return await openRunDir(out, {
    format: "premise-run-1",
    config: settings,
    versions: versions(),
    device: device.description,
    arithmetic: device.arithmetic,
    data: tables.manifest.fingerprint,
    classWeights: training.classWeights,
  }, {
    resume,
    goOn,
    override,
    overwrite,
    inputs: [pretrained.directory, pretrained.weightsFile ?? [], data].flat(),
  });
}
