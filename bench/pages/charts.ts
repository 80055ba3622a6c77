/**
 * The benchmark's figures as pictures.
 *
 * @module
 */
import type { CaseResult, Comparison, Scaling } from "../result.ts";
import { drawSpec, INK } from "./draw.ts";

const TIMES = { values: [0.5, 1, 2, 5, 10, 20, 50, 100] };
/** Okabe and Ito's colours. */
const BLUE = "#0072b2";
const ORANGE = "#d55e00";

/**
 * How many times as fast as others we are, with the targets.
 *
 * @param results The comparisons.
 * @return An SVG document; the same figures give the same text.
 */
export async function drawRatios(
  results: readonly CaseResult<Comparison>[],
): Promise<string> {
  const values = results.map(({ case: name, ratio, target }) => ({
    name,
    ...ratio,
    ...target,
  }));
  const y = {
    field: "name",
    type: "nominal",
    title: null,
    sort: null,
  } as const;
  const x = (field: string) => ({
    field,
    type: "quantitative",
    title: "times as fast as the other side (median, least, largest)",
    scale: { type: "log", nice: false, padding: 12 },
    axis: TIMES,
  } as const);
  const bounds = ["floor", "target", "stretch"];
  return await drawSpec({
    width: 480,
    height: { step: 28 },
    data: { values },
    layer: [
      {
        transform: [{ fold: bounds, as: ["bound", "times"] }],
        mark: {
          type: "tick",
          filled: false,
          strokeWidth: 2,
          size: 16,
          opacity: 1,
        },
        encoding: {
          y,
          x: x("times"),
          color: {
            field: "bound",
            type: "nominal",
            title: null,
            scale: { domain: bounds, range: ["#bbbbbb", INK, ORANGE] },
          },
        },
      },
      {
        mark: { type: "rule", color: BLUE, strokeWidth: 2 },
        encoding: { y, x: x("min"), x2: { field: "max" } },
      },
      {
        mark: { type: "circle", color: BLUE, size: 80, opacity: 1 },
        encoding: { y, x: x("median") },
      },
    ],
  });
}

/** How a swept quantity is written. */
const AXES: Record<string, string> = {
  batch: "examples a batch",
  length: "tokens an example",
  width: "width of the encoder",
  depth: "blocks",
  threads: "threads",
};

/**
 * The time of a step over what was varied, a panel each.
 *
 * @param result The sweeps.
 * @return An SVG document; the same figures give the same text.
 */
export async function drawScaling(result: Scaling): Promise<string> {
  const sweeps = [...new Set(result.points.map(({ sweep }) => sweep))];
  return await drawSpec({
    columns: 3,
    spacing: 32,
    concat: sweeps.map((sweep) => {
      const values = result.points.filter((point) => point.sweep === sweep);
      return {
        width: 190,
        height: 170,
        data: { values },
        mark: {
          type: "line",
          color: BLUE,
          strokeWidth: 2.25,
          point: { size: 40, color: BLUE },
        },
        encoding: {
          x: {
            field: "value",
            type: "quantitative",
            title: AXES[sweep],
            scale: { type: "log", base: 2, nice: false },
            axis: {
              values: values.map(({ value }) => value),
              grid: false,
              labelFlush: false,
              labelOverlap: false,
            },
          },
          y: {
            field: "seconds",
            type: "quantitative",
            title: "seconds a step",
            scale: { type: "log" },
            axis: { tickCount: 4, format: "~g" },
          },
        },
      };
    }),
  });
}
