/**
 * How well a model does, in words and tables.
 *
 * @module
 */
import type {
  BootstrapIntervals,
  ComparisonEvent,
  HardestEvent,
  MetricsEvent,
  ReliabilityBin,
} from "./events.ts";

/** What the metrics that are one number are called. */
const NAMES: Record<keyof BootstrapIntervals["intervals"], string> = {
  loss: "loss",
  accuracy: "accuracy",
  macroF1: "macro F1",
  weightedF1: "weighted F1",
  matthews: "Matthews",
  expectedCalibrationError: "calibration error",
};

/** The metrics of a split; what only `eval` measures follows them. */
export function describeMetrics(event: MetricsEvent): string {
  const told = (...names: (keyof typeof NAMES)[]) =>
    names.map((name) => `${NAMES[name]} ${fixed(event[name])}`).join(", ");
  return [
    `${event.split}: ${event.examples} examples, ` +
    told("loss", "accuracy", "macroF1"),
    ...confusionTable(event),
    told("weightedF1", "matthews", "expectedCalibrationError"),
    ...(event.reliability ? reliabilityTable(event.reliability) : []),
    ...(event.bootstrap ? [describeIntervals(event.bootstrap)] : []),
  ].join("\n");
}

/** How two models compare on the same examples. */
export function describeComparison(event: ComparisonEvent): string {
  const { split, against, accuracy, otherAccuracy, onlyThis, onlyOther } =
    event;
  const test = event.statistic === null
    ? "exact"
    : `chi-square ${event.statistic.toFixed(2)} with continuity correction`;
  return [
    `${split} against ${against}: accuracy ${fixed(accuracy)}, its ` +
    fixed(otherAccuracy),
    `right only here ${onlyThis}, right only there ${onlyOther}; ` +
    `McNemar (${test}): p ${event.p.toPrecision(3)}`,
  ].join("\n");
}

/** The examples that a model does worst on. */
export function describeHardest(event: HardestEvent): string {
  const list = (examples: HardestEvent["hardest"]) =>
    examples.map((example) =>
      `  row ${example.row}, loss ${fixed(example.loss)}: ${example.label} ` +
      `${(example.probability * 100).toFixed(1)} %, gold ${example.gold}: ` +
      describePair(example)
    );
  return [
    `hardest of ${event.split}:`,
    ...list(event.hardest),
    `most confidently wrong of ${event.split}:`,
    ...list(event.mostConfidentlyWrong),
  ].join("\n");
}

/** A pair on one line, or a single sentence. */
export function describePair(
  { premise, hypothesis }: { premise: string; hypothesis: string | null },
): string {
  return hypothesis === null ? premise : `${premise} → ${hypothesis}`;
}

function confusionTable(event: MetricsEvent): string[] {
  // An object would put labels that look like integers first.
  const { labels } = event;
  const width = Math.max(...labels.map((label) => label.length), 11);
  const cell = (value: string | number) => String(value).padStart(width);
  const shares = ["precision", "recall", "F1"];
  return [
    row(["true \\ said", ...labels].map(cell), shares.map(padded)),
    ...labels.map((label, i) => {
      const { precision, recall, f1 } = event.perClass[label];
      return row(
        [label, ...event.confusion[i]].map(cell),
        [precision, recall, f1].map(fixed).map(padded),
      );
    }),
  ];
}

function reliabilityTable(bins: readonly ReliabilityBin[]): string[] {
  return [
    row([" confidence"], ["examples", "mean", "accuracy"].map(padded)),
    ...bins.map(({ above, upTo, examples, confidence, accuracy }) =>
      row(
        [` ${above.toFixed(1)} to ${upTo.toFixed(1)}`],
        [String(examples), fixed(confidence), fixed(accuracy)].map(padded),
      )
    ),
  ];
}

function describeIntervals(
  { level, resamples, intervals }: BootstrapIntervals,
): string {
  const told = Object.entries(NAMES).map(([name, words]) => {
    const [low, high] = intervals[name as keyof typeof NAMES];
    return `${words} ${fixed(low)} to ${fixed(high)}`;
  });
  return `${level * 100} % of ${resamples} resamples: ${told.join(", ")}`;
}

function row(...cells: string[][]): string {
  return cells.flat().join("  ");
}

function padded(text: string): string {
  return text.padStart(9);
}

function fixed(value: number): string {
  return value.toFixed(3);
}
