/**
 * `eval`: measures a fine-tuned model on one split, and compares it with
 * another.
 *
 * @module
 */
import { UserError } from "../lib/base/errors.ts";
import { replaceFile } from "../lib/base/files/files.ts";
import { checkOutFile } from "../lib/base/files/out_file.ts";
import type { Device } from "../lib/device/device.ts";
import { openDevice } from "../lib/device/mod.ts";
import { checkReading } from "../lib/evaluate/check_reading.ts";
import { scoreTable } from "../lib/evaluate/evaluate.ts";
import { bootstrapIntervals } from "../lib/evaluate/metrics/bootstrap.ts";
import { reliabilityTable } from "../lib/evaluate/metrics/calibration.ts";
import { classificationMetrics } from "../lib/evaluate/metrics/classification.ts";
import { compareScores } from "../lib/evaluate/metrics/compare.ts";
import { hardestExamples } from "../lib/evaluate/metrics/hardest.ts";
import { writePredictions } from "../lib/evaluate/metrics/predictions.ts";
import type { Scores } from "../lib/evaluate/metrics/scores.ts";
import type { MetricsEvent } from "../lib/events/events.ts";
import type { BertClassifier } from "../lib/model/classifier.ts";
import { loadClassifier } from "../lib/model/load.ts";
import { openEvalData } from "../lib/run/trained/eval_data.ts";
import { openTrained } from "../lib/run/trained/open_trained.ts";
import type { Config } from "../lib/settings/config.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import { openTableFor } from "../lib/train/data/open_table.ts";

/**
 * Measures a model.
 *
 * @param config Which model, on what.
 * @param context Who is told.
 * @return The facts of the `done` event.
 */
export async function evaluateRun(
  config: Config<"eval">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  const { split, limit, minAccuracy, against, predictions } = config;
  await checkOutFile(config.out, "out");
  await checkOutFile(predictions, "predictions");
  const trained = await openTrained(config.model, config);
  const { opened, warnings } = trained;
  let begun: Device | undefined;
  const begin = async () => {
    if (begun) return begun;
    begun = await openDevice(config.device, config);
    start(begun.description);
    return begun;
  };
  const data = await openEvalData(config, trained, {
    log,
    signal,
    onText: async () => void await begin(),
  });
  warnings.push(...data.warnings);
  const tables = await openTableFor(data.directory, opened);
  const table = await tables.open(split);
  const { text, fingerprint } = tables.manifest;
  warnings.push(...checkReading(table, text, opened.config.text));
  const { cache, catalogue } = config;
  const other = against === undefined
    ? undefined
    : await openTrained(against, { cache, catalogue });
  if (other) {
    await openTableFor(data.directory, other.opened);
    warnings.push(
      ...other.warnings,
      ...checkReading(table, text, other.opened.config.text),
    );
  }
  const device = await begin();
  const model = loadClassifier(opened);
  const otherModel = other && loadClassifier(other.opened);
  warnings.forEach((warning) => log.emit(warning));

  const from = performance.now();
  const score = async (model: BertClassifier, phase: string) => {
    const scores = await scoreTable(model, table, {
      batchSize: config.batchSize,
      limit,
      onProgress: log.progress,
      phase,
      signal,
    });
    device.check();
    return scores;
  };
  const scores = await score(model, `evaluate ${split}`);
  const seconds = (performance.now() - from) / 1000;
  const event = measure(scores, config);
  log.emit(event);
  if (config.out !== undefined) {
    const { event: _, ...metrics } = event;
    const facts = { model: config.model, data: fingerprint, ...metrics };
    await replaceFile(config.out, JSON.stringify(facts, null, 2) + "\n");
  }
  if (config.showHardest !== undefined) {
    const count = config.showHardest;
    log.emit({
      event: "hardest",
      split,
      ...hardestExamples(table, scores, { count }),
    });
  }
  if (predictions !== undefined) {
    await writePredictions(predictions, table, { scores });
  }
  if (against !== undefined && otherModel) {
    const others = await score(otherModel, `evaluate ${against}`);
    const comparison = compareScores(scores, others);
    log.emit({ event: "comparison", split, against, ...comparison });
  }
  const { accuracy, loss, macroF1, examples } = event;
  if (minAccuracy !== undefined && accuracy < minAccuracy) {
    throw new UserError(
      `The accuracy on ${split} is ${accuracy.toFixed(4)}, ` +
        `expected at least ${minAccuracy}`,
      { code: "accuracy-too-low", exitCode: 1 },
    );
  }
  return {
    data: data.directory,
    split,
    examples,
    accuracy,
    loss,
    macroF1,
    files: [config.out, predictions].filter((file) => file !== undefined),
    timing: { examplesPerSecond: examples / seconds },
  };
}

/** All that is known of a split from what the model says of it. */
function measure(
  scores: Scores,
  { split, bootstrap, seed }: Config<"eval">,
): MetricsEvent {
  return {
    event: "metrics",
    split,
    ...classificationMetrics(scores),
    reliability: reliabilityTable(scores),
    ...(bootstrap > 0
      ? {
        bootstrap: bootstrapIntervals(scores, { resamples: bootstrap, seed }),
      }
      : {}),
  };
}

if (import.meta.main) await runTask("eval", evaluateRun);
