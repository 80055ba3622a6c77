/**
 * What all plots have in common.
 *
 * @module
 */
import type { Config, TopLevelSpec } from "vega-lite";

/** The colour of text and axes. */
export const INK = "#333333";
const FAINT = "#e4e4e4";
const FONT = "Helvetica, Arial, sans-serif";

/** Okabe and Ito's blue and vermilion, which everybody can tell apart. */
export const BLUE = "#0072b2";

/**
 * How plots look.
 *
 * @ignore Vega-Lite, whose type this is, has no documentation to refer to.
 */
export const THEME: Config = {
  font: FONT,
  view: { stroke: null },
  title: { fontSize: 15, fontWeight: 600, color: INK, offset: 12 },
  axis: {
    gridColor: FAINT,
    domainColor: INK,
    tickColor: INK,
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: "normal",
    titlePadding: 8,
    labelPadding: 4,
  },
  legend: {
    orient: "top",
    columns: 3,
    labelFontSize: 12,
    labelColor: INK,
    symbolType: "stroke",
    symbolFillColor: "transparent",
    symbolSize: 700,
    symbolStrokeWidth: 2.25,
    columnPadding: 8,
    rowPadding: 4,
    offset: 14,
  },
};

/**
 * Draws a plot.
 *
 * @param plot The plot in the words of Vega-Lite.
 * @return An SVG document; the same plot gives the same text.
 * @ignore Vega-Lite, whose type this is, has no documentation to refer to.
 */
export async function renderPlot(plot: TopLevelSpec): Promise<string> {
  // They take a while to load: only what draws does so.
  const [{ parse, View }, { compile }] = await Promise.all([
    import("vega"),
    import("vega-lite"),
  ]);
  const view = new View(parse(compile(plot).spec));
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
