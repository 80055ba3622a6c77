/**
 * `finetune`: trains a pretrained BERT and a new output layer on encoded
 * pairs, and writes a run directory.
 *
 * @module
 */
import { join } from "@std/path";
import { versions } from "../lib/base/versions.ts";
import { classWarnings } from "../lib/data/table/class_warnings.ts";
import type { Device } from "../lib/device/device.ts";
import type { DataEvent, WarningEvent } from "../lib/events/events.ts";
import type { BertClassifier } from "../lib/model/classifier.ts";
import type { OnPhase } from "../lib/profile/profile.ts";
import { RunProfile } from "../lib/profile/run_profile.ts";
import { withFallback } from "../lib/run/resume/fall_back.ts";
import { renamedLabels } from "../lib/run/resume/renamed_labels.ts";
import { withPlanCache } from "../lib/run/plan_cache.ts";
import { checkOut, type OpenedRun, openRunDir } from "../lib/run/run_dir.ts";
import { withRunLock } from "../lib/run/run_lock.ts";
import { writeRunRecord } from "../lib/run/run_record.ts";
import {
  openRunData,
  type RunData,
  type RunSettings,
} from "../lib/run/run_data.ts";
import {
  createModel,
  openRunDevice,
  openRunSetup,
  type RunSetup,
} from "../lib/run/run_setup.ts";
import { RunWriter } from "../lib/run/run_writer.ts";
import { summarise } from "../lib/run/summary.ts";
import type { Config } from "../lib/settings/config.ts";
import { sweepSeeds } from "../lib/sweep/run_sweep.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import { tellSaved } from "../lib/task/stop.ts";
import { chooseEpoch } from "../lib/train/choose_epoch.ts";
import { splitUses } from "../lib/train/data/splits.ts";
import { usedClasses } from "../lib/train/data/used_classes.ts";
import { fineTune, type FineTuneOptions } from "../lib/train/loop.ts";
import { skippedStep } from "../lib/train/not_finite.ts";
import { planRun } from "../lib/train/plan.ts";
import type { TrainState } from "../lib/train/state.ts";
import type { OpenedModel } from "../lib/weights/model_dir.ts";

/**
 * Fine-tunes a model.
 *
 * @param settings What to train, and how.
 * @param context Who is told.
 * @return The facts of the `done` event.
 */
export async function finetune(
  given: Config<"finetune">,
  context: TaskContext,
): Promise<Summary> {
  if (given.seeds) return await sweepSeeds(finetune, given, context);
  if (given.plan) {
    return await withPlanCache(given, async (given) => {
      const tables = await Deno.makeTempDir({ prefix: "premise-plan-" });
      try {
        const { setup } = await open(given, { ...context, tables });
        return await tellPlan(setup, context);
      } finally {
        await Deno.remove(tables, { recursive: true });
      }
    });
  }
  const { settings, setup } = await open(given, context);
  return await withRunLock(settings.out, async () => {
    const run = await beginRun(setup, context);
    await using profile = settings.profile
      ? new RunProfile(join(settings.out, "trace.json"), context.log.emit)
      : undefined;
    try {
      const state = await train(run, context, profile?.onPhase);
      return await tellResult(run, context, state);
    } finally {
      tellSaved(context.signal, savedOf(run));
    }
  });
}

/** Opens all that a run takes; text is encoded first. */
async function open(
  given: Config<"finetune">,
  context: TaskContext & { tables?: string },
): Promise<{ settings: RunSettings; setup: Setup }> {
  let device: Device | undefined;
  const { settings, columns } = await openRunData(given, {
    ...context,
    onText: async () => {
      if (!given.plan) await checkOut(given.out, given);
      device = await openRunDevice(given);
      context.start(device.description);
    },
  });
  const opened = await openRunSetup(settings, { device });
  const begin = () => device || context.start(opened.device.description);
  return { settings, setup: { ...opened, columns, begin } };
}

/** What a run is made of, and the columns of its text if that is new. */
interface Setup extends RunSetup {
  columns: RunData["columns"];
  /** Tells that the work begins, unless that was told before the encoding. */
  begin(): void;
}

/** What there is of a run that is stopped, and how to go on with it. */
function savedOf({ settings, writer }: Run): { what: string; hint: string } {
  const { out, overwrite } = settings;
  return {
    what: writer.saved === undefined
      ? `the run "${out}" has nothing saved yet`
      : `the run "${out}" is saved ${writer.saved}`,
    hint: "go on with the same command and --resume" +
      (overwrite ? " in place of --overwrite" : ""),
  };
}

/** Tells what the run would take, from a few steps. */
async function tellPlan(
  setup: Setup,
  context: TaskContext,
): Promise<Summary> {
  setup.begin();
  context.log.emit(dataEvent(setup));
  tellClasses(setup).forEach((warning) => context.log.emit(warning));
  const model = createModel(setup);
  context.log.emit(await planRun(model, fineTuneOptions(setup, context)));
  return {};
}

/** A run whose directory is open. */
interface Run extends RunSetup, OpenedRun {
  model: BertClassifier;
  writer: RunWriter;
}

/** Opens the run's directory, and tells that the run begins or goes on. */
async function beginRun(
  setup: Setup,
  { log }: TaskContext,
): Promise<Run> {
  const { settings, pretrained, tables, splits, device } = setup;
  const { labels } = pretrained.config;
  const named = settings.resume || settings.goOn
    ? await renamedLabels(settings.out, labels)
    : labels;
  const opened = await openOut(setup);
  const { record, checkpoint, warnings } = opened;
  const { classWeights } = record;
  const training = { ...setup.training, classWeights };
  const model = createModel(setup, checkpoint?.parameters);
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
  setup.begin();
  log.emit(dataEvent({ ...setup, training }));
  // A run that goes on has told it.
  if (!checkpoint) {
    warnings.unshift(...tellWeights(pretrained), ...tellClasses(setup));
  }
  warnings.forEach((warning) => log.emit(warning));
  return { ...setup, ...opened, training, model, writer };
}

/** Opens the directory that the run is written to. */
async function openOut(setup: RunSetup): Promise<OpenedRun> {
  const { settings, pretrained, tables, device, training } = setup;
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

/** Trains to the last epoch, or until patience ends, and saves on the way. */
async function train(
  run: Run,
  context: TaskContext,
  onPhase: OnPhase | undefined,
): Promise<TrainState> {
  const { model, writer, checkpoint } = run;
  const { log } = context;
  return await fineTune(model, {
    ...fineTuneOptions(run, context),
    resumeFrom: checkpoint,
    onPhase,
    tuneDevice: () => tuneDevice(run),
    onStep: log.emit,
    onSkip: (step) => log.emit(skippedStep(step)),
    onEpoch: (event, metrics) => writer.tellEpoch(event, metrics),
    onCheckpoint: (state, optimizer) => writer.save(state, optimizer),
  });
}

/** What planning and training have in common. */
function fineTuneOptions(
  { splits, training, device }: RunSetup,
  { log, signal }: TaskContext,
): FineTuneOptions {
  const { train, dev, test } = splits;
  return {
    training,
    train,
    dev,
    // A test split is watched only where there is no other.
    test: dev ? undefined : test,
    readEvery: device.kind === "cpu" ? 1 : training.logEvery,
    checkDevice: device.check,
    tuneDevice: device.tune,
    onProgress: log.progress,
    signal,
  };
}

/** Finds the fastest kernels, and records them for a run that goes on. */
async function tuneDevice({ device, record, settings }: Run): Promise<void> {
  await device.tune();
  const tuned = device.tuned();
  if (JSON.stringify(tuned) === JSON.stringify(record.tuned ?? {})) return;
  record.tuned = tuned;
  await writeRunRecord(settings.out, record);
}

/** Makes the best epoch's model the run's, measures it, and sums up. */
async function tellResult(
  { settings, splits, training, model, writer }: Run,
  { log, signal }: TaskContext,
  { scores }: TrainState,
): Promise<Summary> {
  const { dev, test } = splits;
  const best = dev && chooseEpoch(scores, training).epoch;
  const measured = best && await writer.measureBest(best, {
    dev,
    test,
    batchSize: training.batchSize,
    limit: training.limit,
    onProgress: log.progress,
    signal,
  });
  model.dispose();
  return summarise({
    run: settings.out,
    epochs: writer.epochs,
    steps: writer.steps,
    requested: training.epochs,
    chosenEpoch: best ?? writer.epochs.length,
    test: measured || undefined,
  });
}

/** What is trained on and measured, and what was lost in its encoding. */
function dataEvent(
  { settings, pretrained, tables, columns, training }: Setup,
): DataEvent {
  const { labels } = pretrained.config;
  const weights = training.classWeights;
  return {
    event: "data",
    data: settings.data,
    maxLength: tables.manifest.text.maxLength,
    columns,
    splits: splitUses(tables, settings),
    classWeights: weights &&
      Object.fromEntries(labels.map((label, i) => [label, weights[i]])),
  };
}

/** Of which classes there are too few of the examples that are used. */
function tellClasses({ tables, splits, settings }: RunSetup): WarningEvent[] {
  const { followBook, limit } = settings;
  return classWarnings(usedClasses(tables, { splits, followBook, limit }));
}

/** Which weights are not used, and which there are none of. */
function tellWeights({ unused, fresh, warnings }: OpenedModel): WarningEvent[] {
  const told = [...warnings];
  if (unused.length > 0) {
    told.push({
      event: "warning",
      code: "unused-weights",
      message: `${unused.length} arrays of other heads are not ` +
        `used: ${unused.join(", ")}`,
      hint: "",
    });
  }
  if (fresh.length > 0) {
    told.push({
      event: "warning",
      code: "fresh-weights",
      message: `The model has no ${fresh.join(" and no ")}, so the layer ` +
        "between encoder and output starts anew",
      hint: "a model with a pooler, as saved by BertModel, has learned it",
    });
  }
  return told;
}

if (import.meta.main) {
  await runTask("finetune", (settings, context) =>
    withFallback(settings, {
      train: (settings) => finetune(settings, context),
      log: context.log,
    }));
}
