/**
 * The training curves of a run as a picture, as the book's `Animator` plots
 * them: loss and accuracies over epochs, on one axis.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { renderPlot, THEME } from "./plot.ts";

/** What is plotted of one epoch. */
export interface EpochPoint {
  /** The epoch's number; the first is 1. */
  epoch: number;
  /** Mean cross-entropy over the epoch, in nats. */
  loss: number;
  /** Share of right predictions over the epoch as it was trained, 0 to 1. */
  trainAccuracy: number;
  /** Share of right predictions on the test split after it, 0 to 1. */
  testAccuracy?: number;
  /** Share of right predictions on the dev split after it, 0 to 1. */
  devAccuracy?: number;
}

/** What else a plot of {@link renderCurves} shows. */
export interface CurvesOptions {
  /** Written above the plot. */
  title?: string;
}

/** Okabe and Ito's colours; the dashes tell the lines apart in grey too. */
const CURVES = [
  { field: "loss", name: "train loss", colour: "#0072b2", dash: [1, 0] },
  {
    field: "trainAccuracy",
    name: "train accuracy",
    colour: "#d55e00",
    dash: [7, 3],
  },
  {
    field: "devAccuracy",
    name: "dev accuracy",
    colour: "#cc79a7",
    dash: [7, 3, 2, 3],
  },
  {
    field: "testAccuracy",
    name: "test accuracy",
    colour: "#009e73",
    dash: [2, 2.5],
  },
] as const;

/** Area of the mark on an epoch, in square pixels. */
const MARK = 36;

/** Of one without a line to find it by. */
const LONE_MARK = 144;

/** A mark on each epoch would hide the lines from this many on. */
const MANY_EPOCHS = 40;

/**
 * Draws loss and accuracies over the epochs. The vertical axis begins at 0 and
 * holds 1 and every loss; values that are no finite numbers are left out.
 *
 * @param history The epochs so far, in order.
 * @param options A title.
 * @return An SVG document; the same history gives the same text.
 *
 * @example
 * ```ts
 * import { renderCurves } from "./curves.ts";
 * import { assertMatch } from "@std/assert";
 *
 * const svg = await renderCurves([
 *   { epoch: 1, loss: 0.9, trainAccuracy: 0.56, testAccuracy: 0.61 },
 *   { epoch: 2, loss: 0.7, trainAccuracy: 0.7, testAccuracy: 0.69 },
 * ]);
 * assertMatch(svg, /^<svg/);
 * ```
 */
export async function renderCurves(
  history: readonly EpochPoint[],
  options: CurvesOptions = {},
): Promise<string> {
  return await renderPlot(describePlot(history, options));
}

/** The plot in the words of Vega-Lite. */
function describePlot(
  history: readonly EpochPoint[],
  { title }: CurvesOptions,
): TopLevelSpec {
  const values = CURVES.flatMap(({ field, name }) =>
    history
      .map((point) => ({ epoch: point.epoch, value: point[field], name }))
      .filter(({ value }) => Number.isFinite(value))
  );
  const curves = CURVES.filter(({ name }) =>
    values.some((value) => value.name === name)
  );
  const names = curves.map(({ name }) => name);
  const single = history.length === 1;
  return {
    width: 480,
    height: 300,
    padding: 16,
    background: "white",
    ...(title === undefined ? {} : { title }),
    data: { values },
    mark: {
      type: "line",
      strokeWidth: 2.25,
      strokeCap: "butt",
      point: history.length < MANY_EPOCHS && {
        size: single ? LONE_MARK : MARK,
        filled: true,
      },
    },
    encoding: {
      x: {
        field: "epoch",
        type: "quantitative",
        title: "epoch",
        scale: {
          // A lone epoch would lie on the edge.
          domain: single
            ? [history[0].epoch - 1, history[0].epoch + 1]
            : [1, Math.max(2, ...history.map(({ epoch }) => epoch))],
          nice: false,
        },
        axis: {
          tickMinStep: 1,
          format: "d",
          labelFlush: false,
          ...(single && { values: [history[0].epoch] }),
        },
      },
      y: {
        field: "value",
        type: "quantitative",
        title: null,
        scale: {
          domain: [0, Math.max(1, ...values.map(({ value }) => value!))],
          nice: false,
        },
        axis: { tickCount: 6, domain: false, ticks: false, labelPadding: 8 },
      },
      color: {
        field: "name",
        type: "nominal",
        title: null,
        scale: { domain: names, range: curves.map(({ colour }) => colour) },
      },
      strokeDash: {
        field: "name",
        type: "nominal",
        title: null,
        scale: {
          domain: names,
          range: curves.map(({ dash }) => [...dash]),
        },
      },
    },
    config: THEME,
  };
}
