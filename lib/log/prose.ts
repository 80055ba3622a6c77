import type { EntryEvent, Event, MetricsEvent } from "./events.ts";

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
    case "prediction": {
      const chances = Object.entries(event.probabilities)
        .map(([label, p]) => `${label} ${(p * 100).toFixed(1)} %`);
      const pair = event.hypothesis === null
        ? event.premise
        : `${event.premise} → ${event.hypothesis}`;
      return `${event.label}  (${chances.join(", ")})  ${pair}`;
    }
    case "metrics":
      return describeMetrics(event);
    case "warning":
      return `warning: ${event.message}` +
        (event.hint ? ` (${event.hint})` : "");
    case "done": {
      const { event: _, task, files, timing: __, ...facts } = event;
      const told = Object.entries(facts).map(([name, value]) =>
        `  ${name}: ${
          typeof value === "number" ? round(value) : JSON.stringify(value)
        }`
      );
      return [
        `${task} done`,
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

function describeMetrics(event: MetricsEvent): string {
  // An object would put labels that look like integers first.
  const { labels } = event;
  const width = Math.max(...labels.map((label) => label.length), 10);
  const cell = (value: string | number) => String(value).padStart(width);
  const lines = [
    `${event.split}: ${event.examples} examples, loss ${
      event.loss.toFixed(3)
    }, accuracy ${event.accuracy.toFixed(3)}, macro F1 ${
      event.macroF1.toFixed(3)
    }`,
    ["true \\ said", ...labels].map(cell).join("  ") +
    ["precision", "recall", "F1"].map((name) => "  " + name.padStart(9))
      .join(""),
  ];
  labels.forEach((label, i) => {
    const { precision, recall, f1 } = event.perClass[label];
    lines.push(
      [label, ...event.confusion[i]].map(cell).join("  ") +
        [precision, recall, f1].map((x) => "  " + x.toFixed(3).padStart(9))
          .join(""),
    );
  });
  return lines.join("\n");
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}
