/**
 * `finetune`: trains a pretrained BERT and a new output layer on encoded
 * pairs, and writes a run directory.
 *
 * @module
 */
import { join } from "@std/path";
import type { Config } from "../lib/config.ts";
import type { TableDir } from "../lib/data/table_dir.ts";
import { openDevice } from "../lib/device/mod.ts";
import { replaceFile } from "../lib/files.ts";
import type { EpochEvent } from "../lib/log/events.ts";
import type { Log } from "../lib/log/log.ts";
import { createClassifier, openModel } from "../lib/model/open.ts";
import { Optimizer } from "../lib/train/optimizer.ts";
import { renderCurves } from "../lib/report/curves.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task.ts";
import {
  type Checkpoint,
  loadCheckpoint,
  saveCheckpoint,
} from "../lib/train/checkpoint.ts";
import { perSecond } from "../lib/train/figures.ts";
import { fineTune } from "../lib/train/loop.ts";
import { tokensAtOnce } from "../lib/train/memory.ts";
import { openTableFor } from "../lib/train/open_table.ts";
import { planRun } from "../lib/train/plan.ts";
import { openRunDir, recordMetrics } from "../lib/train/run_dir.ts";
import { RunProfile } from "../lib/train/run_profile.ts";
import { versions } from "../lib/versions.ts";
import { type OpenedModel, writeModelDir } from "../lib/weights/model_dir.ts";

async function main(
  config: Config<"finetune">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  const { out } = config;
  const opened = await openModel(config.model, config);
  const tables = await openTableFor(config.data, opened);
  const train = await tables.open("train");
  const test = "test" in tables.manifest.splits
    ? await tables.open("test")
    : undefined;
  const device = await openDevice(config.device, config);
  const recipe = {
    ...config,
    train,
    test,
    learningRate: config.lr,
    microBatchTokens: device.kind === "cpu"
      ? tokensFor(opened, tables, config)
      : config.microBatchTokens,
    readEvery: device.kind === "cpu" ? 1 : config.logEvery,
    signal,
    checkDevice: device.check,
    onProgress: log.progress,
  };
  if (config.plan) {
    start(device.description);
    const model = createClassifier(opened, config);
    const optimizer = new Optimizer(model.parameters, config);
    log.emit(await planRun(model, { ...recipe, optimizer }));
    return {};
  }
  await openRunDir(out, {
    format: "premise-run-1",
    config,
    versions: versions(),
    device: device.description,
    data: tables.manifest.fingerprint,
  }, {
    ...config,
    inputs: [opened.directory, opened.weightsFile ?? [], config.data].flat(),
  });
  const checkpoint = config.resume ? await loadCheckpoint(out) : undefined;
  const model = createClassifier(
    checkpoint ? { ...opened, arrays: checkpoint.parameters } : opened,
    config,
  );
  const optimizer = new Optimizer(model.parameters, config);
  if (checkpoint) optimizer.restore(checkpoint.moments, checkpoint.steps);
  const eventBytes = log.record(
    join(out, "events.jsonl"),
    checkpoint?.eventBytes,
  );
  start(device.description);
  warn(log, config, opened, checkpoint);

  await using profile = config.profile
    ? new RunProfile(join(out, "trace.json"), log.emit)
    : undefined;
  const epochs: EpochEvent[] = checkpoint?.epochs ?? [];
  await fineTune(model, {
    ...recipe,
    optimizer,
    state: checkpoint?.state,
    onPhase: profile?.onPhase,
    onStep: log.emit,
    onEpoch: async (event, metrics) => {
      log.emit(event);
      epochs.push(event);
      await replaceFile(join(out, "curves.svg"), await renderCurves(epochs));
      if (!metrics) return;
      log.emit({ event: "metrics", split: "test", ...metrics });
      await recordMetrics(out, { event: "metrics", split: "test", ...metrics });
    },
    onCheckpoint: async (state) => {
      const parameters = await model.save();
      device.check();
      if (state.step === 0) {
        await writeModelDir(out, { ...opened, arrays: parameters });
      }
      await saveCheckpoint(out, {
        state,
        steps: optimizer.steps,
        epochs,
        eventBytes: eventBytes(),
        parameters,
        moments: await optimizer.save(),
      });
    },
  });
  return summarise(out, epochs, optimizer.steps);
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

function warn(
  log: Log,
  { resume, out }: Config<"finetune">,
  { unused }: OpenedModel,
  checkpoint: Checkpoint | undefined,
): void {
  if (unused.length > 0 && !checkpoint) {
    log.emit({
      event: "warning",
      code: "unused-weights",
      message: `${unused.length} arrays of the pretraining heads are not ` +
        `used: ${unused.join(", ")}`,
      hint: "",
    });
  }
  if (resume && !checkpoint) {
    log.emit({
      event: "warning",
      code: "no-checkpoint",
      message: `the run "${out}" has no checkpoint yet and starts over`,
      hint: "",
    });
  }
}

function summarise(
  out: string,
  epochs: readonly EpochEvent[],
  steps: number,
): Summary {
  const last = epochs.at(-1)!;
  // An epoch that was resumed after its last step took no time to train.
  const rates = epochs.map(({ timing }) => timing.examplesPerSecond)
    .filter((rate) => rate > 0);
  const seconds = rates.reduce((sum, rate) => sum + 1 / rate, 0);
  return {
    ...(last.testAccuracy === undefined ? {} : { accuracy: last.testAccuracy }),
    loss: last.loss,
    trainAccuracy: last.trainAccuracy,
    epochs: epochs.length,
    steps,
    files: [out],
    timing: {
      // Epochs are equally long, so the whole rate is the harmonic mean.
      examplesPerSecond: perSecond(rates.length, seconds),
    },
  };
}

if (import.meta.main) await runTask("finetune", main);
