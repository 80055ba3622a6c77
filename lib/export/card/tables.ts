/**
 * The tables of a model card: how the model was trained, and how well it does.
 *
 * @module
 */
import type { z } from "zod";
import type { KeptMetrics, RunMetrics } from "../../run/run_metrics.ts";
import type { RunRecord } from "../../run/run_record.ts";
import { taskSchemas } from "../../settings/config.ts";
import { metaOf } from "../../settings/fields/field_meta.ts";
import { flagName } from "../../settings/schema.ts";

/** Settings of training that name places. */
const PLACES = ["model", "data", "out", "cache", "catalogue", "weights"];

/**
 * The settings of training that were given or have a value.
 *
 * @param record The run's.
 * @return A table, and what the run was done with.
 */
export function settingsTable({ config, versions, device }: RunRecord): string {
  const shape: Record<string, z.ZodType> = taskSchemas.finetune.shape;
  const rows = Object.entries(config)
    .filter(([name, value]) =>
      shape[name] && metaOf(shape[name]).heading === "Training" &&
      !PLACES.includes(name) && value !== undefined && value !== false
    )
    .map(([name, value]) => `| ${flagName(name)} | ${show(value)} |`);
  const programs = Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`).join(", ");
  return ["| setting | value |", "| --- | --- |", ...rows].join("\n") +
    `\n\nComputed by ${programs} on ${device}.`;
}

function show(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The metrics that a table has, with what they are called. */
const COLUMNS = [
  ["accuracy", "accuracy"],
  ["macroF1", "macro F1"],
  ["loss", "loss"],
] as const;

/**
 * How well a model does, by split.
 *
 * @param metrics The run's.
 * @return A table, or a sentence if there are none.
 */
export function resultsTable(metrics: RunMetrics): string {
  const splits = Object.entries(metrics);
  if (splits.length === 0) return "They were not measured, or not kept.";
  const head = ["split", "examples", ...COLUMNS.map(([, title]) => title)];
  const rows = splits.map(([split, kept]) => [
    split,
    kept.examples,
    ...COLUMNS.map(([name]) => withInterval(kept, name)),
  ]);
  const lines = [head, head.map(() => "---"), ...rows]
    .map((row) => `| ${row.join(" | ")} |`);
  return [lines.join("\n"), ...splits.map(aboutSplit)].join("\n\n");
}

/** A number with its interval; runs of earlier programs have none. */
function withInterval(
  kept: KeptMetrics,
  name: (typeof COLUMNS)[number][0],
): string {
  const range = kept.bootstrap?.intervals[name];
  const value = kept[name].toFixed(4);
  if (!range) return value;
  return `${value} (${range.map((end) => end.toFixed(4)).join(" to ")})`;
}

function aboutSplit(
  [split, { epoch, data, bootstrap }]: [string, KeptMetrics],
) {
  const intervals = bootstrap
    ? `; intervals hold ${100 * bootstrap.level} % of ` +
      `${bootstrap.resamples} resamples of the split`
    : "";
  return `The split \`${split}\` is of the encoded data with the fingerprint ` +
    `\`${data}\`, and was measured on the model of epoch ${epoch}${intervals}.`;
}
