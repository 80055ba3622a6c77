import type { OnProgress, Progress } from "../../base/progress.ts";

/**
 * Shows the progress of several downloads that run side by side as one phase,
 * with each one's share as a fact: `download bert.small, snli`.
 *
 * @param onProgress Told the sums of all.
 * @return What each download tells, under `download NAME` and `extract NAME`.
 *
 * @example
 * ```ts
 * import { joinProgress } from "./joined_progress.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const told: string[] = [];
 * const tell = joinProgress(({ phase, done }) => told.push(`${phase}: ${done}`));
 * tell({ phase: "download a", done: 1, total: 4, unit: "bytes" });
 * tell({ phase: "download b", done: 2, total: 4, unit: "bytes" });
 * assertEquals(told, ["download a: 1", "download a, b: 3"]);
 * ```
 */
export function joinProgress(onProgress: OnProgress): OnProgress {
  const downloads = new Map<string, Progress>();
  const extractions = new Map<string, Progress>();
  return (report) => {
    const [stage, name] = report.phase.split(" ", 2);
    const isDownload = stage === "download";
    const reports = isDownload ? downloads : extractions;
    reports.set(name, report);
    // What is extracted while others still come is no phase of its own.
    const isPending = [...downloads].some(([name, { done, total }]) =>
      done !== total && !extractions.has(name)
    );
    if (isPending && !isDownload) return;
    onProgress({
      phase: `${stage} ${[...reports.keys()].join(", ")}`,
      done: sum(reports, ({ done }) => done)!,
      total: sum(reports, ({ total }) => total),
      unit: report.unit,
      ...(reports.size > 1 && { facts: shares(reports) }),
    });
  };
}

/** A sum over all reports; null if one of them is unknown. */
function sum(
  reports: ReadonlyMap<string, Progress>,
  valueOf: (report: Progress) => number | null,
): number | null {
  const values = [...reports.values()].map(valueOf);
  return values.reduce(
    (total, value) => total === null || value === null ? null : total + value,
    0,
  );
}

function shares(
  reports: ReadonlyMap<string, Progress>,
): Record<string, string> {
  return Object.fromEntries(
    [...reports].map(([name, { done, total }]) => [
      name,
      total === null ? "?" : `${Math.floor(100 * done / Math.max(1, total))} %`,
    ]),
  );
}
