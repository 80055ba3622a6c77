/**
 * Measures a model on a table.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { nextTurn } from "../base/clock.ts";
import type { OnProgress } from "../base/progress.ts";
import { batches } from "../data/batch/batches.ts";
import type { Table } from "../data/table/table.ts";
import { readArrays, readsAtOnce } from "../device/reading.ts";
import type { BertClassifier } from "../model/classifier.ts";
import { placeBatch } from "../ops/batch/place_batch.ts";
import {
  type ClassificationMetrics,
  classificationMetrics,
} from "./metrics/classification.ts";
import { scoreLogits, type Scores } from "./metrics/scores.ts";
import { notFinite } from "./not_finite.ts";

/** How a model is measured. */
export interface EvaluateOptions {
  /** Examples computed at once; it changes speed and memory alone. */
  batchSize: number;
  /** Takes only the first rows. */
  limit?: number | undefined;
  /** Is told the rows done. */
  onProgress?: OnProgress | undefined;
  /** What the progress is called. */
  phase?: string;
  /** Stops it by throwing the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Measures a model on a table, dropout off.
 *
 * @param model The model.
 * @param table The examples.
 * @param options Batch size, limit, progress.
 * @return Loss, accuracy and the rest of a `metrics` event.
 */
export async function evaluate(
  model: BertClassifier,
  table: Table,
  options: EvaluateOptions,
): Promise<ClassificationMetrics> {
  return classificationMetrics(await scoreTable(model, table, options));
}

/**
 * Runs a model over a table once, dropout off.
 *
 * @param model The model.
 * @param table The examples.
 * @param options Batch size, limit, progress.
 * @return What the model says of each example, in the table's order.
 * @throws {UserError} `not-finite` if it says nothing of one.
 */
export async function scoreTable(
  model: BertClassifier,
  table: Table,
  options: EvaluateOptions,
): Promise<Scores> {
  const { labels } = model.config;
  const total = Math.min(table.rows, options.limit ?? Infinity);
  const order = Uint32Array.from({ length: total }, (_, i) => i);
  const logits = new Float32Array(total * labels.length);
  let done = 0;
  const waiting: tf.Tensor2D[] = [];
  const read = async () => {
    for (const values of await readArrays(waiting)) {
      checkFinite(values, table, { from: done, classes: labels.length });
      logits.set(values, done * labels.length);
      done += values.length / labels.length;
    }
    tf.dispose(waiting.splice(0));
    await nextTurn();
    options.onProgress?.({
      phase: options.phase ?? "evaluate",
      done,
      total,
      unit: "rows",
    });
  };
  try {
    for (
      const batch of batches(table, {
        batchSize: options.batchSize,
        order,
        lookUps: model.config,
      })
    ) {
      options.signal?.throwIfAborted();
      waiting.push(
        tf.tidy(() => model.logits(placeBatch(batch, model.tables, false))),
      );
      if (waiting.length >= readsAtOnce()) await read();
    }
    if (waiting.length > 0) await read();
  } finally {
    tf.dispose(waiting);
  }
  return scoreLogits(logits, { truth: table.labels.slice(0, total), labels });
}

function checkFinite(
  logits: Float32Array,
  table: Table,
  { from, classes }: { from: number; classes: number },
): void {
  const at = logits.findIndex((logit) => !Number.isFinite(logit));
  if (at === -1) return;
  const sourceLine = table.sourceLines[from + Math.floor(at / classes)];
  throw notFinite(logits[at], `row ${sourceLine} of "${table.path}"`);
}
