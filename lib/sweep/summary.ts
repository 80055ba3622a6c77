/**
 * What the runs of a sweep come to: mean and deviation over the seeds.
 *
 * @module
 */
import type { RunEvent, ScalarMetrics, SweepRow } from "../events/events.ts";
import { COSTS } from "../events/scalar_metrics.ts";

/** What the summary needs of a run. */
export type RunOutcome = Pick<
  RunEvent,
  "settings" | "seed" | "outcome" | "metrics"
>;

/** The rows of a sweep's table, and what they are ranked by. */
export interface SweepSummary {
  /** The split that was measured; null if no run measured any. */
  split: string | null;
  /** The metric. */
  metric: keyof ScalarMetrics;
  /** One a combination, the best first; those without a run last. */
  rows: SweepRow[];
}

/**
 * Ranks the combinations of a sweep, on the dev split if the runs have one and
 * on the test split if not.
 *
 * @param outcomes The runs.
 * @param options What the combinations are ranked by.
 *
 * @example
 * ```ts
 * import { summarise } from "./summary.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = { lr: 1e-3 };
 * const run = (seed: number, accuracy: number) => ({
 *   settings,
 *   seed,
 *   outcome: "trained" as const,
 *   metrics: {
 *     test: {
 *       accuracy,
 *       loss: 1,
 *       macroF1: 0,
 *       weightedF1: 0,
 *       matthews: 0,
 *       expectedCalibrationError: 0,
 *     },
 *   },
 * });
 * const runs = [run(0, 0.5), run(1, 0.75)];
 * const { rows } = summarise(runs, { metric: "accuracy" });
 * assertEquals(rows[0].mean, 0.625);
 * assertEquals(rows[0].deviation, Math.sqrt(1 / 32));
 * ```
 */
export function summarise(
  outcomes: readonly RunOutcome[],
  { metric }: { metric: keyof ScalarMetrics },
): SweepSummary {
  const splits = new Set(
    outcomes.flatMap(({ metrics }) => Object.keys(metrics)),
  );
  const split = ["dev", "test"].find((name) => splits.has(name)) ?? null;
  const groups = Object.groupBy(
    outcomes,
    ({ settings }) => JSON.stringify(settings),
  );
  const rows = Object.values(groups).map((group): SweepRow => {
    const measured = group!.filter(({ metrics }) => split && metrics[split]);
    const values = measured.map(({ metrics }) => metrics[split!][metric]);
    return {
      settings: group![0].settings,
      seeds: measured.map(({ seed }) => seed),
      failed: group!.filter(({ outcome }) => outcome === "failed")
        .length,
      values,
      ...meanAndDeviation(values),
    };
  });
  const sign = COSTS.has(metric) ? 1 : -1;
  const rank = ({ mean }: SweepRow) => mean === null ? Infinity : sign * mean;
  rows.sort((a, b) => rank(a) - rank(b) || 0);
  return { split, metric, rows };
}

/** The deviation is the sample's, of n - 1; one value has none. */
function meanAndDeviation(
  values: readonly number[],
): { mean: number | null; deviation: number | null } {
  const count = values.length;
  if (count === 0) return { mean: null, deviation: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (count - 1)) };
}
