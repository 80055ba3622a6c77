/**
 * How the pictures of bench/ look.
 *
 * @module
 */
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";

/** The colour of text and axes. */
export const INK = "#333333";
const FAINT = "#e4e4e4";

/**
 * Draws a plot.
 *
 * @param spec The plot in the words of Vega-Lite.
 * @return An SVG document; the same plot gives the same text.
 */
export async function drawSpec(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile({ ...LOOK, ...spec }).spec));
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

const LOOK = {
  background: "white",
  padding: 16,
  config: {
    font: "Helvetica, Arial, sans-serif",
    view: { stroke: null },
    title: { fontSize: 14, fontWeight: 600, color: INK, offset: 12 },
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
    },
    legend: {
      orient: "bottom",
      labelFontSize: 12,
      labelColor: INK,
      symbolType: "stroke",
      symbolFillColor: "transparent",
      symbolSize: 700,
      symbolStrokeWidth: 2.25,
    },
  },
} as const;
