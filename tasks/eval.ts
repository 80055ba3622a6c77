/**
 * `eval`: measures a fine-tuned model on one split.
 *
 * @module
 */
import type { Config } from "../lib/config.ts";
import { openDevice } from "../lib/device/mod.ts";
import { UserError } from "../lib/errors.ts";
import { loadClassifier, openModel } from "../lib/model/open.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task.ts";
import { evaluate } from "../lib/train/evaluate.ts";
import { openTableFor } from "../lib/train/open_table.ts";
import { readRunRecord, recordMetrics } from "../lib/train/run_dir.ts";

async function main(
  config: Config<"eval">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  const { split, limit, minAccuracy } = config;
  const opened = await openModel(config.model, config);
  const table = await (await openTableFor(config.data, opened)).open(split);
  const device = await openDevice(config.device, config);
  const model = loadClassifier(opened);
  start(device.description);

  const begun = performance.now();
  const metrics = await evaluate(model, table, {
    batchSize: config.batchSize,
    limit,
    onProgress: log.progress,
    phase: `evaluate ${split}`,
    signal,
  });
  device.check();
  const seconds = (performance.now() - begun) / 1000;
  log.emit({ event: "metrics", split, ...metrics });
  // Part of a split says little of the model, so it isn't kept.
  const whole = limit === undefined || limit >= table.rows;
  if (whole && await readRunRecord(opened.directory)) {
    await recordMetrics(opened.directory, {
      event: "metrics",
      split,
      ...metrics,
    });
  }
  const { accuracy, loss, macroF1, examples } = metrics;
  if (minAccuracy !== undefined && accuracy < minAccuracy) {
    throw new UserError(
      `The accuracy on ${split} is ${accuracy.toFixed(4)}, ` +
        `expected at least ${minAccuracy}`,
      { code: "accuracy-too-low", exitCode: 1 },
    );
  }
  return {
    split,
    examples,
    accuracy,
    loss,
    macroF1,
    timing: { examplesPerSecond: examples / seconds },
  };
}

if (import.meta.main) await runTask("eval", main);
