/**
 * The page of the benchmark's results, made from its figures alone.
 *
 * @module
 */
import {
  type CaseResult,
  type Comparison,
  type Duration,
  type Losses,
  ofKind,
  rank,
  type Spread,
  type Target,
} from "../result.ts";
import { renderGpu } from "./gpu_section.ts";
import { markdownTable } from "./tables.ts";

/** The columns of words in all tables. */
const WORDS = {
  words: [
    "job",
    "against",
    "reached",
    "case",
    "date",
    "command",
    "machine",
    "versions",
  ],
};

/**
 * The page.
 *
 * @param results Of all cases that were run, in order.
 * @return Markdown.
 */
export function renderResults(results: readonly CaseResult[]): string {
  const comparisons = ofKind(results, "comparison");
  const durations = ofKind(results, "duration");
  const losses = ofKind(results, "losses");
  return `# Benchmark

Each comparison runs both sides in turn on the same work, real SNLI lengths in
most, and takes the ratio of each pair of turns: ratios within a run hold where
the rates themselves move. Given are medians, and the least and largest in
parentheses. Peers are scripts in [peers](peers) with pinned versions; the
figures are in [results](results).

![A dot for each median ratio, a line from least to largest, and ticks for the
targets](results.svg)

## Speed

${comparisonTable(comparisons)}

A target is of the median ratio: floor / target / stretch. Where one is missed,
[the profile](../docs/performance.md) tells where the time goes.

## Memory, and use of the machine

${memoryTable(comparisons)}

Memory is the most that a process had at once (\`VmHWM\`), ours to the other
side's. The last column is our arithmetic in matrix products a second, as a
share of the best rate of big products alone, measured in the same process.

## On a GPU

${renderGpu(results)}

## Time of a whole chain

${durationTable(durations)}

## Losses

${losses.map(lossTable).join("\n\n")}

## Conditions

${conditionTable(results)}

\`deno task bench:setup\` installs the other programs, \`deno task bench --list\`
shows the cases, \`deno task bench CASE...\` runs some of them again. Load is the
mean length of the run queue in the minute before a case: above 0.3 or so, others
used the machine too.
`;
}

function comparisonTable(results: readonly CaseResult<Comparison>[]): string {
  return markdownTable(
    [
      "job",
      "against",
      "ours",
      "theirs",
      "ratio",
      "pairs",
      "target",
      "reached",
    ],
    results.map(({ title, peer, unit, ratio, target, ...result }) => [
      title,
      peer,
      `${rate(result.ours.median)} ${unit}/s`,
      rate(result.theirs.median),
      `**${fixed(ratio.median)}x** ${range(ratio)}`,
      `${result.rates.length}`,
      targetText(target),
      rank(ratio.median, target),
    ]),
    WORDS,
  );
}

function memoryTable(results: readonly CaseResult<Comparison>[]): string {
  return markdownTable(
    [
      "job",
      "against",
      "our memory",
      "theirs",
      "ratio",
      "target",
      "reached",
      "tokens/s",
      "of the peak",
    ],
    results.filter(({ memory }) => memory).map((result) => {
      const { title, peer, memory, memoryTarget, productPeak } = result;
      const [ours, theirs] = memory!;
      const { tokensPerSecond, productShare } = result;
      return [
        title,
        peer,
        mebibytes(ours),
        mebibytes(theirs),
        `${fixed(ours / theirs)}x`,
        memoryTarget ? targetText(memoryTarget) : "",
        memoryTarget ? rank(ours / theirs, memoryTarget) : "",
        rate(tokensPerSecond!),
        productPeak === null
          ? ""
          : `${(100 * productShare!).toFixed(0)} % of ${
            (productPeak / 1e9).toFixed(0)
          } GFLOP/s`,
      ];
    }),
    WORDS,
  );
}

function durationTable(results: readonly CaseResult<Duration>[]): string {
  return markdownTable(
    ["job", "seconds", "target", "reached"],
    results.map(({ title, seconds, target }) => [
      title,
      seconds.toFixed(1),
      `under ${target}`,
      seconds < target ? "target" : "missed",
    ]),
    WORDS,
  );
}

function lossTable({ title, losses, ...result }: CaseResult<Losses>): string {
  const { versions, largestDifference, tolerance } = result;
  return `${title}: ours on ${result.device}, theirs PyTorch ${versions.torch}.
The largest relative difference is ${
    largestDifference.toExponential(1)
  }; it may be ${tolerance.toExponential()}.

${
    markdownTable(
      ["step", "ours", "PyTorch"],
      losses.map(([ours, theirs], i) => [
        `${i + 1}`,
        ours.toFixed(8),
        theirs.toFixed(8),
      ]),
      WORDS,
    )
  }`;
}

function conditionTable(results: readonly CaseResult[]): string {
  return markdownTable(
    ["case", "date", "command", "machine", "threads", "load", "versions"],
    results.map((result) => [
      result.case,
      result.date,
      `\`${result.command}\``,
      [
        result.machine,
        "device" in result && result.device,
        result.driver && `driver ${result.driver}`,
      ].filter(Boolean).join("; "),
      `${result.threads}`,
      result.load.toFixed(1),
      Object.entries(result.versions).map((pair) => pair.join(" ")).join(", "),
    ]),
    WORDS,
  );
}

function targetText({ floor, target, stretch }: Target): string {
  return `${floor} / ${target} / ${stretch}`;
}

function range({ min, max }: Spread): string {
  return `(${fixed(min)}-${fixed(max)})`;
}

/** As many digits as mean something. */
function fixed(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

function rate(value: number): string {
  return value < 100
    ? value.toFixed(1)
    : Math.round(value).toLocaleString("en");
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
