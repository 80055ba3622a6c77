import { showShare } from "../../base/show_value.ts";
import type {
  DataColumns,
  DataEvent,
  SplitFigures,
  SplitUse,
} from "./data_events.ts";

/** What `preprocess` tells of a split. */
interface SplitFacts {
  rows: number;
  dropped: number;
  skipped: number;
  figures?: SplitFigures;
}

/** The splits that it tells of, by name. */
export type SplitsFacts = Record<string, SplitFacts>;

/** The splits of encoded data: what is in them, and what was lost. */
export function describeSplits(splits: SplitsFacts): string {
  return Object.entries(splits)
    .flatMap(([name, { rows, dropped, skipped, figures }]) => [
      `  ${name}: ${
        list([count(rows, "rows"), ...describeLeftOut({ dropped, skipped })])
      }`,
      ...figures ? describeFigures(figures, rows) : [],
    ]).join("\n");
}

/** The rows that are not in the tables; a list that is told names them. */
function describeLeftOut(
  { dropped, skipped, skippedList }:
    & Pick<SplitFacts, "dropped" | "skipped">
    & Pick<SplitUse, "skippedList">,
): (string | false)[] {
  return [
    dropped > 0 && `${count(dropped)} left out without a gold label`,
    skipped > 0 && `${count(skipped)} skipped` +
      (skippedList ? ` (${skippedList})` : ""),
  ];
}

function describeFigures(figures: SplitFigures, rows: number): string[] {
  const { labels, lengths, cut, unknown, words, empty } = figures;
  const { repeated, conflicting, alsoIn } = figures;
  const shared = Object.entries(alsoIn).filter(([, found]) => found > 0);
  const sentences = list([
    empty > 0 && `${share(empty, rows)} have an empty sentence`,
    repeated > 0 && `${share(repeated, rows)} repeat an earlier one`,
    conflicting > 0 && `${share(conflicting, rows)} with another label`,
    ...shared.map(([name, found]) =>
      `${share(found, rows)} are also in ${name}`
    ),
  ]);
  return [
    list(Object.entries(labels).map(([label, n]) => `${label} ${count(n)}`)),
    `tokens: median ${count(lengths.median)}, 99 % up to ${
      count(lengths.p99)
    }, longest ${count(lengths.longest)}`,
    describeLoss({ cut, unknown, words, rows }),
    sentences,
  ].filter((line) => line !== "").map((line) => `    ${line}`);
}

/** What a run is trained and measured on, a split a line. */
export function describeData(
  { data, columns, splits, classWeights }: DataEvent,
): string {
  return [
    `data ${data}`,
    ...columns ? [`  columns: ${describeColumns(columns)}`] : [],
    ...splits.flatMap((facts) => {
      const { split, rows, use, figures } = facts;
      const sum = Object.values(figures?.labels ?? {})
        .reduce((a, b) => a + b, 0);
      const known = figures && use !== "none";
      // Of text that is new here all is told, of tables what was lost.
      const loss = known && !columns
        ? `; ${describeLoss({ ...figures, rows: sum })}`
        : "";
      return [
        `  ${split}: ${
          list([count(rows, "rows"), USES[use], ...describeLeftOut(facts)])
        }${loss}`,
        ...known && columns ? describeFigures(figures, sum) : [],
      ];
    }),
    ...classWeights
      ? [`  class weights: ${describeWeights(classWeights)}`]
      : [],
  ].join("\n");
}

function describeWeights(weights: Record<string, number>): string {
  return Object.entries(weights)
    .map(([label, weight]) => `${label} ${Number(weight.toPrecision(4))}`)
    .join(", ");
}

function describeColumns(columns: DataColumns): string {
  return Object.entries(columns).filter(([, name]) => name !== null)
    .map(([what, name]) => `${what} "${name}"`).join(", ");
}

const USES: Record<SplitUse["use"], string> = {
  train: "trained on",
  choose: "chooses the epoch",
  watch: "measured after each epoch",
  measure: "measured at the end",
  none: "not used",
};

function describeLoss(
  { cut, unknown, words, rows }:
    & Pick<SplitFigures, "cut" | "unknown" | "words">
    & { rows: number },
): string {
  return list([
    `${share(cut, rows)} cut`,
    `${share(unknown, words)} of the tokens unknown`,
  ]);
}

function share(part: number, whole: number): string {
  return part === 0 ? "none" : showShare(part, whole);
}

function count(number: number, what = ""): string {
  return `${number.toLocaleString("en")} ${what}`.trimEnd();
}

function list(parts: (string | false)[]): string {
  return parts.filter((part) => part !== false).join(", ");
}
