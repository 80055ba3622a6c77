import { describeCheck } from "./check_prose.ts";
import {
  describeData,
  describeSplits,
  type SplitsFacts,
} from "./data/data_prose.ts";
import type { EntryEvent, Event, PlanEvent, ProfileEvent } from "./events.ts";
import {
  describeComparison,
  describeHardest,
  describeMetrics,
  describePair,
} from "./metrics_prose.ts";
import { describeRun, describeSweep } from "./sweep_prose.ts";

/**
 * An event in words, for a person at a terminal; empty for those that the
 * progress bar shows already. Errors are said on stderr instead.
 *
 * @param event The event.
 * @return One or more lines without the last line break.
 */
export function describeEvent(event: Event): string {
  switch (event.event) {
    case "start":
      return event.device === null ? "" : `${event.task} on ${event.device}`;
    case "entry":
      return describeEntry(event);
    case "progress":
    case "error":
      return "";
    case "step":
      return `  step ${event.step}: loss ${event.loss.toFixed(3)}, ` +
        `${event.timing.examplesPerSecond.toFixed(1)} examples/sec`;
    case "epoch": {
      const parts = [
        `loss ${event.loss.toFixed(3)}`,
        `train acc ${event.trainAccuracy.toFixed(3)}`,
      ];
      if (event.devAccuracy !== undefined) {
        parts.push(`dev acc ${event.devAccuracy.toFixed(3)}`);
      }
      if (event.testAccuracy !== undefined) {
        parts.push(`test acc ${event.testAccuracy.toFixed(3)}`);
      }
      parts.push(`${event.timing.examplesPerSecond.toFixed(1)} examples/sec`);
      return `epoch ${event.epoch}: ${parts.join(", ")}`;
    }
    case "data":
      return describeData(event);
    case "plan":
      return describePlan(event);
    case "profile":
      return describeProfile(event);
    case "prediction": {
      const chances = Object.entries(event.probabilities)
        .map(([label, p]) => `${label} ${(p * 100).toFixed(1)} %`);
      return `${event.label}  (${chances.join(", ")})  ${describePair(event)}`;
    }
    case "metrics":
      return describeMetrics(event);
    case "comparison":
      return describeComparison(event);
    case "hardest":
      return describeHardest(event);
    case "run":
      return describeRun(event);
    case "sweep":
      return describeSweep(event);
    case "check":
      return describeCheck(event);
    case "warning":
      return `warning: ${event.message}` +
        (event.hint ? ` (${event.hint})` : "");
    case "done": {
      const { event: _, task, files, timing: __, splits, ...facts } = event;
      const told = Object.entries(facts).map(([name, value]) =>
        `  ${name}: ${
          typeof value === "number" ? round(value) : JSON.stringify(value)
        }`
      );
      return [
        `${task} done`,
        ...splits ? [describeSplits(splits as SplitsFacts)] : [],
        ...told,
        ...files.map((file) => `  wrote ${file}`),
      ].join("\n");
    }
  }
}

function describeEntry(entry: EntryEvent): string {
  const { name, kind, bytes, cached, licence } = entry;
  const size = bytes === null
    ? "size unknown"
    : `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    name.padEnd(16),
    kind.padEnd(7),
    size.padStart(12),
    cached ? "cached" : "      ",
    licence,
  ].join("  ");
}

function describePlan({ timing, ...plan }: PlanEvent): string {
  const { epochs, steps, batchSize, microBatchTokens } = plan;
  const { bytes, mostBytes, secondsPerStep } = timing;
  const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(2);
  return [
    `${plan.parameters.toLocaleString("en")} parameters`,
    `${epochs} epochs, ${steps} steps of ${batchSize} examples` +
    (microBatchTokens === null
      ? ""
      : `, at most ${microBatchTokens} tokens at once`),
    `memory: ${gibibytes(bytes)} GiB` +
    (mostBytes === null ? "" : ` of ${gibibytes(mostBytes)}`),
    `time: ${duration(secondsPerStep)} a step, ${
      duration(timing.secondsPerEpoch)
    } an epoch and ${duration(timing.secondsPerEvaluation)} to evaluate, ${
      duration(timing.seconds)
    } in all`,
  ].map((line) => `  ${line}`).join("\n");
}

/** As `0.41 s`, `7.3 min` or `2.1 h`. */
function duration(seconds: number): string {
  if (seconds < 100) return `${seconds.toPrecision(2)} s`;
  const minutes = seconds / 60;
  return minutes < 100
    ? `${minutes.toFixed(1)} min`
    : `${(minutes / 60).toFixed(1)} h`;
}

function describeProfile({ trace, timing }: ProfileEvent): string {
  const share = (part: number, whole: number) =>
    `${(100 * part / whole).toFixed(1)} %`;
  const host = timing.rows.map(({ phase, kernel, calls, seconds }) => [
    phase,
    kernel || "(no kernel)",
    `${calls}`,
    seconds.toFixed(3),
    share(seconds, timing.seconds),
  ]);
  const whole = timing.gpu.reduce((sum, { seconds }) => sum + seconds, 0);
  const gpu = timing.gpu.map(({ kernel, calls, seconds }) => [
    "on the GPU",
    kernel,
    `${calls}`,
    seconds.toFixed(3),
    share(seconds, whole),
  ]);
  const table = [
    ["phase", "kernel", "calls", "seconds", "share"],
    ...host,
    ...gpu,
  ];
  const widths = table[0].map((_, i) =>
    Math.max(...table.map((row) => row[i].length))
  );
  return [
    ...table.map((row) =>
      "  " +
      row.map((cell, i) =>
        i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])
      ).join("  ")
    ),
    `  trace: ${trace}`,
  ].join("\n");
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}
