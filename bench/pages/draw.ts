/**
 * How the pictures of bench/ look.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { renderPlot, THEME } from "../../lib/report/plot.ts";

export { INK } from "../../lib/report/plot.ts";

/** As all plots, but with the legend below: it has longer names. */
const LOOK = {
  background: "white",
  padding: 16,
  config: { ...THEME, legend: { ...THEME.legend, orient: "bottom" } },
} as const;

/**
 * Draws a plot.
 *
 * @param spec The plot in the words of Vega-Lite.
 * @return An SVG document; the same plot gives the same text.
 */
export async function drawSpec(spec: TopLevelSpec): Promise<string> {
  return await renderPlot({ ...LOOK, ...spec });
}
