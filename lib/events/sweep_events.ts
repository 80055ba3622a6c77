/**
 * The events of a sweep.
 *
 * @module
 */
import type { ScalarMetrics } from "./scalar_metrics.ts";

/** A run of a sweep, as it is done with. */
export interface RunEvent {
  /** Tells the kinds of lines apart. */
  event: "run";
  /** What it has of its own, and the name of its folder. */
  name: string;
  /** Its run directory. */
  path: string;
  /** The settings that it has of its own. */
  settings: Record<string, unknown>;
  /** Its seed. */
  seed: number;
  /** `found`: it was finished before. */
  outcome: "trained" | "found" | "failed";
  /** Of its model, by split; none if it failed. */
  metrics: Record<string, ScalarMetrics>;
  /** Why it failed, if it did. */
  error?: string;
}

/** The runs of one combination of a sweep's settings. */
export interface SweepRow {
  /** What the combination has of its own. */
  settings: Record<string, unknown>;
  /** The seeds whose runs were measured. */
  seeds: number[];
  /** The metric of each. */
  values: number[];
  /** Their mean; null if there are none. */
  mean: number | null;
  /** Their standard deviation, of a sample; null if there are fewer than two. */
  deviation: number | null;
  /** How many runs failed. */
  failed: number;
}

/** A sweep's table. */
export interface SweepEvent {
  /** Tells the kinds of lines apart. */
  event: "sweep";
  /** The split that was measured; null if the data have none but train. */
  split: string | null;
  /** What the combinations are ranked by. */
  metric: string;
  /** The combinations, the best first. */
  rows: SweepRow[];
}
