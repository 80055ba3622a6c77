/**
 * A sweep, in words and tables.
 *
 * @module
 */
import type { RunEvent, SweepEvent } from "./events.ts";

/** A run of a sweep, on a line. */
export function describeRun(event: RunEvent): string {
  const { name, outcome, metrics, error } = event;
  if (outcome === "failed") return `${name}: failed: ${error}`;
  const told = Object.entries(metrics).map(([split, { accuracy }]) =>
    `${split} accuracy ${accuracy.toFixed(3)}`
  );
  const before = outcome === "found" ? ["found as it was"] : [];
  return `${name}: ${[...told, ...before].join(", ")}`;
}

/** A sweep's table: a row a combination, the best first. */
export function describeSweep({ split, metric, rows }: SweepEvent): string {
  const cells = rows.map(({ settings, seeds, mean, deviation, failed }) => [
    describeSettings(settings),
    mean === null ? "-" : mean.toFixed(4),
    deviation === null ? "-" : deviation.toFixed(4),
    String(seeds.length),
    failed > 0 ? String(failed) : "",
  ]);
  const table = [
    ["settings", "mean", "deviation", "runs", "failed"],
    ...cells,
  ];
  const widths = table[0].map((_, column) =>
    Math.max(...table.map((row) => row[column].length))
  );
  return [
    split === null
      ? "no split was measured"
      : `${metric} on ${split}, by its mean over the seeds:`,
    ...table.map((row) =>
      row.map((cell, i) =>
        i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])
      ).join("  ").trimEnd()
    ),
  ].join("\n");
}

/**
 * A combination of settings on a line, as `lr=0.001, dropout=0.1`.
 *
 * @param settings The settings by name.
 */
export function describeSettings(settings: Record<string, unknown>): string {
  const parts = Object.entries(settings).map(([name, value]) =>
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`
  );
  return parts.length === 0 ? "all as given" : parts.join(", ");
}
