/**
 * `metrics.json`: how well a run's model does. Only training writes it.
 *
 * @module
 */
import { join } from "@std/path";
import { replaceFile } from "../base/files/files.ts";
import { readRegularText } from "../base/files/regular.ts";
import { removeIfThere } from "../base/files/remove.ts";
import type { MetricsEvent } from "../events/events.ts";

/** Metrics of a split, of which model and on which data. */
export interface KeptMetrics extends Omit<MetricsEvent, "event" | "split"> {
  /** After which epoch the model was as it was measured, from 1. */
  epoch: number;
  /** The fingerprint of the encoded data. */
  data: string;
}

/** A run's metrics by split: all of the model that its directory holds. */
export type RunMetrics = Record<string, KeptMetrics>;

/**
 * What `metrics.json` keeps of an event.
 *
 * @param event The metrics.
 * @param facts The model's epoch, and the data's fingerprint.
 */
export function keepMetrics(
  event: MetricsEvent,
  facts: { epoch: number; data: string },
): RunMetrics {
  const { event: _, split, ...metrics } = event;
  return { [split]: { ...facts, ...metrics } };
}

/**
 * Writes a run's metrics in place of those that are there.
 *
 * @param run The run directory.
 * @param metrics Its model's.
 */
export async function writeRunMetrics(
  run: string,
  metrics: RunMetrics,
): Promise<void> {
  const text = JSON.stringify(metrics, null, 2) + "\n";
  await replaceFile(join(run, "metrics.json"), text);
}

/**
 * Removes a run's metrics, since its model is going to be another.
 *
 * @param run The run directory.
 */
export async function removeRunMetrics(run: string): Promise<void> {
  await removeIfThere(join(run, "metrics.json"));
}

/**
 * Reads the metrics of a run's model.
 *
 * @param run The run directory.
 * @return By split. Earlier versions did not say of which epoch and data they
 * were, and mixed several: those are left out.
 */
export async function readRunMetrics(run: string): Promise<RunMetrics> {
  let kept: unknown;
  try {
    kept = JSON.parse(await readRegularText(join(run, "metrics.json")));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    if (error instanceof SyntaxError) return {};
    throw error;
  }
  return Object.fromEntries(
    Object.entries(Object(kept) as RunMetrics).filter(([, metrics]) =>
      Number.isSafeInteger(metrics?.epoch) && typeof metrics.data === "string"
    ),
  );
}
