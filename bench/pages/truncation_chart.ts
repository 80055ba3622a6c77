/**
 * The figures of bench/truncation.ts as a picture and as tables.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import type { TruncationResult } from "../truncation.ts";
import { drawSpec, INK } from "./draw.ts";
import { markdownTable } from "./tables.ts";

const MODES = ["longest-first", "ratio"];
/** Okabe and Ito's colours. */
const COLOURS = ["#0072b2", "#d55e00"];

/**
 * Draws what is lost and how accurate the models are, by length.
 *
 * @param results What was measured.
 * @return An SVG document; the same figures give the same text.
 */
export async function drawTruncation(
  results: readonly TruncationResult[],
): Promise<string> {
  return await drawSpec(describePlot(results));
}

function describePlot(results: readonly TruncationResult[]): TopLevelSpec {
  const cut = results.filter(({ truncation }) => truncation !== null);
  const whole = results.find(({ truncation }) => truncation === null)!;
  const lost = cut.flatMap(({ maxLength, truncation, cut }) => [
    { maxLength, truncation, of: "premises", share: cut.premise },
    { maxLength, truncation, of: "hypotheses", share: cut.hypothesis },
  ]);
  const accuracy = cut.flatMap(({ maxLength, truncation, accuracies }) =>
    accuracies.map((accuracy) => ({ maxLength, truncation, accuracy }))
  );
  const x = {
    field: "maxLength",
    type: "ordinal",
    title: "--max-len",
    axis: { labelAngle: 0, grid: false },
  } as const;
  const color = {
    field: "truncation",
    type: "nominal",
    title: null,
    scale: { domain: MODES, range: COLOURS },
  } as const;
  const share = { format: ".0%", domain: false, ticks: false } as const;
  return {
    spacing: 40,
    hconcat: [
      {
        title: "words that are lost",
        width: 260,
        height: 260,
        data: { values: lost },
        mark: { type: "line", strokeWidth: 2.25, point: { size: 36 } },
        encoding: {
          x,
          y: { field: "share", type: "quantitative", title: null, axis: share },
          color,
          strokeDash: {
            field: "of",
            type: "nominal",
            title: null,
            scale: {
              domain: ["premises", "hypotheses"],
              range: [[1, 0], [4, 3]],
            },
          },
        },
      },
      {
        title: "accuracy on the test split",
        width: 260,
        height: 260,
        layer: [
          {
            data: { values: [{ accuracy: mean(whole.accuracies) }] },
            mark: { type: "rule", color: INK, strokeDash: [2, 3] },
            encoding: { y: { field: "accuracy", type: "quantitative" } },
          },
          {
            data: { values: [{ accuracy: mean(whole.accuracies) }] },
            mark: {
              type: "text",
              text: "nothing cut",
              x: 4,
              dy: -8,
              align: "left",
              color: INK,
            },
            encoding: { y: { field: "accuracy", type: "quantitative" } },
          },
          {
            data: { values: accuracy },
            mark: { type: "circle", size: 36, opacity: 0.55 },
            encoding: {
              x,
              xOffset: { field: "truncation", scale: { domain: MODES } },
              y: {
                field: "accuracy",
                type: "quantitative",
                title: null,
                scale: { zero: false, padding: 12 },
                axis: share,
              },
              color,
            },
          },
          {
            data: { values: accuracy },
            mark: { type: "tick", size: 20, thickness: 3 },
            encoding: {
              x,
              xOffset: { field: "truncation", scale: { domain: MODES } },
              y: { field: "accuracy", aggregate: "mean", type: "quantitative" },
              color,
            },
          },
        ],
      },
    ],
  };
}

/**
 * What is lost, as a Markdown table.
 *
 * @param results What was measured.
 */
export function tableOfLosses(results: readonly TruncationResult[]): string {
  return markdownTable(
    [
      "`--max-len`",
      "`--truncation`",
      "pairs cut",
      "hypotheses cut",
      "of the premises' words",
      "of the hypotheses' words",
    ],
    results.map(({ maxLength, truncation, cut }) => [
      `${maxLength}`,
      truncation ?? "nothing to cut",
      percent(cut.pairs),
      percent(cut.hypotheses),
      percent(cut.premise),
      percent(cut.hypothesis),
    ]),
    { words: ["`--truncation`"] },
  );
}

/**
 * How accurate the models are, as a Markdown table.
 *
 * @param results What was measured.
 */
export function tableOfAccuracies(
  results: readonly TruncationResult[],
): string {
  return markdownTable(
    ["`--max-len`", "`--truncation`", "mean", "lowest", "highest"],
    results.map(({ maxLength, truncation, accuracies }) => [
      `${maxLength}`,
      truncation ?? "nothing to cut",
      percent(mean(accuracies)),
      percent(Math.min(...accuracies)),
      percent(Math.max(...accuracies)),
    ]),
    { words: ["`--truncation`"] },
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
