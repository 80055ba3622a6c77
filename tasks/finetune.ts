/**
 * `finetune`: trains a pretrained BERT and a new output layer on encoded
 * pairs, and writes a run directory.
 *
 * @module
 */
import { join } from "@std/path";
import type { OnPhase } from "../lib/profile/profile.ts";
import { RunProfile } from "../lib/profile/run_profile.ts";
import {
  beginRun,
  type BegunRun,
  openRun,
  type ReadyRun,
} from "../lib/run/open_run.ts";
import { withPlanFolder } from "../lib/run/plan_folder.ts";
import { withFallback } from "../lib/run/resume/fall_back.ts";
import { withRunLock } from "../lib/run/run_lock.ts";
import { writeRunRecord } from "../lib/run/run_record.ts";
import { createModel, type RunSetup } from "../lib/run/run_setup.ts";
import { summarise } from "../lib/run/summary.ts";
import { dataEvent, tellClasses } from "../lib/run/tell_run.ts";
import type { Config } from "../lib/settings/config.ts";
import { sweepSeeds } from "../lib/sweep/run_sweep.ts";
import { tellSaved } from "../lib/task/stop.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import { chooseEpoch } from "../lib/train/choose_epoch.ts";
import { fineTune, type FineTuneOptions } from "../lib/train/loop.ts";
import { skippedStep } from "../lib/train/not_finite.ts";
import { planRun } from "../lib/train/plan.ts";
import type { TrainState } from "../lib/train/state.ts";

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
    return await withPlanFolder(
      given,
      async (given, tables) =>
        await tellPlan(await openRun(given, { ...context, tables }), context),
    );
  }
  const ready = await openRun(given, context);
  const { settings } = ready;
  return await withRunLock(settings.out, async () => {
    const run = await beginRun(ready, context.log);
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

/** What there is of a run that is stopped, and how to go on with it. */
function savedOf(
  { settings, writer }: BegunRun,
): { what: string; hint: string } {
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
  ready: ReadyRun,
  context: TaskContext,
): Promise<Summary> {
  const { log } = context;
  ready.begin();
  log.emit(dataEvent(ready, ready.columns));
  tellClasses(ready).forEach((warning) => log.emit(warning));
  const model = createModel(ready);
  log.emit(await planRun(model, fineTuneOptions(ready, context)));
  return {};
}

/** Trains to the last epoch, or until patience ends, and saves on the way. */
async function train(
  run: BegunRun,
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
async function tuneDevice(
  { device, record, settings }: BegunRun,
): Promise<void> {
  await device.tune();
  const tuned = device.tuned();
  if (JSON.stringify(tuned) === JSON.stringify(record.tuned ?? {})) return;
  record.tuned = tuned;
  await writeRunRecord(settings.out, record);
}

/** Makes the best epoch's model the run's, measures it, and sums up. */
async function tellResult(
  { settings, splits, training, model, writer }: BegunRun,
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

if (import.meta.main) {
  await runTask("finetune", (settings, context) =>
    withFallback(settings, {
      train: (settings) => finetune(settings, context),
      log: context.log,
    }));
}
