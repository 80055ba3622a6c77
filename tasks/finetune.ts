/**
 * `finetune`: trains a pretrained BERT and a new output layer on encoded
 * pairs, and writes a run directory.
 *
 * @module
 */
import { join } from "@std/path";
import type { Config } from "../lib/settings/config.ts";
import type { TableDir } from "../lib/data/table/table_dir.ts";
import { openDevice } from "../lib/device/mod.ts";
import type { WarningEvent } from "../lib/events/events.ts";
import { createClassifier } from "../lib/model/load.ts";
import { openModel } from "../lib/weights/open_model.ts";
import { sweepSeeds } from "../lib/sweep/run_sweep.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import { chooseEpoch } from "../lib/train/choose_epoch.ts";
import { checkClassWeights } from "../lib/train/class_weights.ts";
import { withFallback } from "../lib/run/fall_back.ts";
import { fineTune } from "../lib/train/loop.ts";
import { tokensAtOnce } from "../lib/train/memory.ts";
import { skippedStep } from "../lib/train/not_finite.ts";
import { Optimizer } from "../lib/optim/optimizer.ts";
import { openTableFor } from "../lib/train/data/open_table.ts";
import { frozenParameters } from "../lib/optim/parameter_groups.ts";
import { planRun } from "../lib/train/plan.ts";
import { openRunDir } from "../lib/run/run_dir.ts";
import { RunProfile } from "../lib/profile/run_profile.ts";
import { writeRunRecord } from "../lib/run/run_record.ts";
import { RunWriter } from "../lib/run/run_writer.ts";
import { openSplits } from "../lib/train/data/splits.ts";
import { summarise } from "../lib/run/summary.ts";
import { versions } from "../lib/base/versions.ts";
import type { OpenedModel } from "../lib/weights/model_dir.ts";
import { parameterShapes } from "../lib/weights/shapes.ts";

/**
 * Fine-tunes a model.
 *
 * @param config What is asked.
 * @param context Who is told.
 * @return The facts of the `done` event.
 */
export async function finetune(
  config: Config<"finetune">,
  context: TaskContext,
): Promise<Summary> {
  if (config.seeds) return await sweepSeeds(finetune, config, context);
  const { log, signal, start } = context;
  const { out } = config;
  const opened = await openModel(config.model, config);
  const tables = await openTableFor(config.data, opened);
  const { train, dev, test } = await openSplits(tables, config);
  const frozen = frozenParameters(
    [...parameterShapes(opened.config).keys()],
    config.freeze ?? [],
  );
  checkClassWeights(config.classWeights, opened.config.labels);
  const device = await openDevice(config.device, config);
  const recipe = {
    ...config,
    ...{ train, dev },
    // A test split is watched only where there is no other.
    test: dev ? undefined : test,
    learningRate: config.lr,
    microBatchTokens: device.kind === "cpu"
      ? tokensFor(opened, tables, config)
      : config.microBatchTokens,
    readEvery: device.kind === "cpu" ? 1 : config.logEvery,
    signal,
    checkDevice: device.check,
    tuneDevice: device.tune,
    onProgress: log.progress,
  };
  if (config.plan) {
    start(device.description);
    const model = createClassifier(opened, config);
    const optimizer = new Optimizer(model.parameters, { ...config, frozen });
    log.emit(await planRun(model, { ...recipe, optimizer }));
    return {};
  }
  const { record, checkpoint, warnings } = await openRunDir(out, {
    format: "premise-run-1",
    config,
    versions: versions(),
    device: device.description,
    arithmetic: device.arithmetic,
    data: tables.manifest.fingerprint,
  }, {
    ...config,
    inputs: [opened.directory, opened.weightsFile ?? [], config.data].flat(),
  });
  const model = createClassifier(
    checkpoint ? { ...opened, arrays: checkpoint.parameters } : opened,
    config,
  );
  const optimizer = new Optimizer(model.parameters, { ...config, frozen });
  if (checkpoint) optimizer.restore(checkpoint.moments, checkpoint.steps);
  const run = new RunWriter(out, {
    ...{ opened, model, optimizer, device, log, keep: config.keep },
    bestEpoch: dev && (({ scores }) => chooseEpoch(scores, config).epoch),
  }, checkpoint);
  device.adopt(record.tuned ?? {});
  start(device.description);
  if (!checkpoint) warnings.unshift(...unusedWeights(opened));
  warnings.forEach((warning) => log.emit(warning));

  await using profile = config.profile
    ? new RunProfile(join(out, "trace.json"), log.emit)
    : undefined;
  const state = await fineTune(model, {
    ...recipe,
    optimizer,
    state: checkpoint?.state,
    onPhase: profile?.onPhase,
    tuneDevice: async () => {
      await device.tune();
      const tuned = device.tuned();
      if (JSON.stringify(tuned) === JSON.stringify(record.tuned ?? {})) return;
      record.tuned = tuned;
      await writeRunRecord(out, record);
    },
    onStep: log.emit,
    onSkip: (step) => log.emit(skippedStep(step)),
    onEpoch: (event, metrics) => run.tellEpoch(event, metrics),
    onCheckpoint: (state) => run.save(state),
  });
  optimizer.dispose();
  const best = dev && chooseEpoch(state.scores, config).epoch;
  const measured = best && await run.measureBest(best, {
    ...{ ...config, test, signal, onProgress: log.progress },
  });
  model.dispose();
  return summarise({
    run: out,
    epochs: run.epochs,
    steps: optimizer.steps,
    asked: config.epochs,
    chosenEpoch: best ?? run.epochs.length,
    test: measured || undefined,
  });
}

/** How many tokens the CPU computes at once. */
function tokensFor(
  { config }: OpenedModel,
  { manifest }: TableDir,
  { batchSize, microBatchTokens: asked }: Config<"finetune">,
): number {
  const { rows, tokens } = manifest.splits.train;
  const meanLength = tokens / rows;
  return tokensAtOnce(config, {
    asked,
    batchTokens: meanLength * Math.min(rows, batchSize),
    meanLength,
    longest: manifest.maxLength,
  });
}

function unusedWeights({ unused }: OpenedModel): WarningEvent[] {
  if (unused.length === 0) return [];
  return [{
    event: "warning",
    code: "unused-weights",
    message: `${unused.length} arrays of the pretraining heads are not ` +
      `used: ${unused.join(", ")}`,
    hint: "",
  }];
}

if (import.meta.main) {
  await runTask("finetune", (config, context) =>
    withFallback(config, {
      train: (config) => finetune(config, context),
      log: context.log,
    }));
}
