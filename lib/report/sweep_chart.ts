/**
 * A sweep as a picture: a row a combination of settings, a dot a seed, the
 * mean and one standard deviation to each side of it.
 *
 * @module
 */
import type { SweepRow } from "../events/events.ts";
import { describeSettings } from "../events/sweep_prose.ts";
import { BLUE, INK, renderPlot, THEME } from "./plot.ts";

/** What the plot of {@link renderSweep} is about. */
export interface SweepPlotOptions {
  /** The metric. */
  metric: string;
  /** The split that was measured. */
  split: string | null;
}

/** More rows than this are left out of the plot, the worst ones. */
const MOST_ROWS = 60;

/**
 * Draws the combinations of a sweep, the best on top. Those without a value
 * are left out.
 *
 * @param rows The sweep's table.
 * @param options The metric and the split.
 * @return An SVG document; the same sweep gives the same text.
 *
 * @example
 * ```ts
 * import { renderSweep } from "./sweep_chart.ts";
 * import { assertMatch } from "@std/assert";
 *
 * const svg = await renderSweep([{
 *   settings: { lr: 1e-3 },
 *   seeds: [0, 1],
 *   values: [0.6, 0.62],
 *   mean: 0.61,
 *   deviation: 0.0141,
 *   failed: 0,
 * }], { metric: "accuracy", split: "test" });
 * assertMatch(svg, /^<svg/);
 * ```
 */
export async function renderSweep(
  rows: readonly SweepRow[],
  { metric, split }: SweepPlotOptions,
): Promise<string> {
  const shown = rows.filter(({ mean }) => Number.isFinite(mean))
    .slice(0, MOST_ROWS)
    .map(({ settings, values, mean, deviation }) => ({
      name: describeSettings(settings),
      values,
      mean: mean!,
      low: mean! - (deviation ?? 0),
      high: mean! + (deviation ?? 0),
    }));
  const y = {
    field: "name",
    type: "nominal",
    title: null,
    sort: shown.map(({ name }) => name),
    axis: { labelLimit: 400, grid: true },
  } as const;
  const title = split === null ? metric : `${metric} on ${split}`;
  const x = (field: string) =>
    ({
      field,
      type: "quantitative",
      title,
      scale: { zero: false, nice: true },
    }) as const;
  return await renderPlot({
    width: 480,
    height: { step: 28 },
    padding: 16,
    background: "white",
    layer: [
      {
        data: { values: shown },
        mark: { type: "rule", color: INK, strokeWidth: 1.5 },
        encoding: { y, x: x("low"), x2: { field: "high" } },
      },
      {
        data: { values: shown },
        mark: { type: "tick", color: INK, thickness: 2.5, size: 14 },
        encoding: { y, x: x("mean") },
      },
      {
        data: {
          values: shown.flatMap(({ name, values }) =>
            values.map((value) => ({ name, value }))
          ),
        },
        mark: { type: "point", filled: true, size: 40, color: BLUE },
        encoding: { y, x: x("value") },
      },
    ],
    config: THEME,
  });
}
