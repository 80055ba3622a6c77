/**
 * Measures a model on a table.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { batches } from "../data/batches.ts";
import type { Table } from "../data/table.ts";
import { placeBatch } from "../model/bert.ts";
import type { BertClassifier } from "../model/classifier.ts";
import { crossEntropy } from "../ops/cross_entropy/mod.ts";
import type { OnProgress } from "../progress.ts";
import { nextTurn } from "./figures.ts";
import {
  type ClassificationMetrics,
  classificationMetrics,
} from "./metrics.ts";

/** How a model is measured. */
export interface EvaluateOptions {
  /** Examples computed at once; it changes speed and memory alone. */
  batchSize: number;
  /** Takes only the first rows. */
  limit?: number | undefined;
  /** Told the rows done. */
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
  const total = Math.min(table.rows, options.limit ?? Infinity);
  const order = Uint32Array.from({ length: total }, (_, i) => i);
  const predicted = new Int32Array(total);
  let lossSum = 0;
  let done = 0;
  for (
    const batch of batches(table, { batchSize: options.batchSize, order })
  ) {
    options.signal?.throwIfAborted();
    const [classes, loss] = tf.tidy(() => {
      const placed = placeBatch(batch, model.parameters, false);
      const logits = model.logits(placed);
      const labels = tf.tensor1d(batch.labels, "int32");
      return [tf.argMax(logits, -1), crossEntropy(logits, labels)];
    });
    predicted.set(await classes.data(), done);
    lossSum += (await loss.data())[0] * batch.size;
    tf.dispose([classes, loss]);
    await nextTurn();
    done += batch.size;
    options.onProgress?.({
      phase: options.phase ?? "evaluate",
      done,
      total,
      unit: "rows",
    });
  }
  return classificationMetrics({
    labels: model.config.labels,
    truth: table.labels.slice(0, total),
    predicted,
    lossSum,
  });
}
