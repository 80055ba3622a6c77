/**
 * The labels that a data set has, for a model that has none of its own.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import {
  foldLabel,
  isMinusOne,
  isNumber,
  labelText,
} from "../read/gold_label.ts";
import { findFormat } from "../read/row_format.ts";
import type { Dataset } from "./dataset.ts";
import { scanFile, type ScanOptions } from "./scan_rows.ts";

/** More of them are numbers to be predicted, or ids. */
const MOST_LABELS = 100;

/** The labels of a data set. */
export interface InferredLabels {
  /** Their names in the order that the model's outputs get. */
  labels: string[];
  /** How many rows have each, in the same order. */
  counts: number[];
  /** How many rows have -1, which is taken for no label. */
  minusOnes: number;
}

/** Where labels are looked for. */
export interface InferOptions extends ScanOptions {
  /** Labels that are taken in their order where the data have no others. */
  usual?: readonly string[] | undefined;
}

/**
 * Looks through a data set for its labels. Names that differ by case, by the
 * blanks around them or by what nobody sees are one, spelt as most rows have it.
 *
 * @param dataset The data set.
 * @param options Usual labels, and a signal.
 * @return Numbers in their order, names in that of their letters, or the usual
 * labels if all are among these.
 * @throws {UserError} `bad-data` if no file has a column for them, naming those
 * that are there; or if they are fewer than 2, more than 100,
 * numbers with fractions, numbers beside words, or what programs write in place
 * of a label that is missing.
 */
export async function inferLabels(
  dataset: Dataset,
  options: InferOptions,
): Promise<InferredLabels> {
  const spellings = new Map<string, number>();
  // Several splits may share a file.
  const seen = new Set<string>();
  let minusOnes = 0;
  let labelled = false;
  for (const { files, options: format } of dataset.values()) {
    for (const file of files) {
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      const { signal } = options;
      const scan = await scanFile(file, { ...format, signal });
      const { label } = scan.format.fields;
      if (label === null) continue;
      labelled = true;
      for await (const row of scan.rows) {
        const text = labelText(row.get(label));
        minusOnes += Number(isMinusOne(row.get(label)));
        if (text === null) continue;
        spellings.set(text, (spellings.get(text) ?? 0) + 1);
        if (spellings.size > 2 * MOST_LABELS) throw tooMany(spellings);
      }
    }
  }
  if (!labelled) await refuseWithoutColumn(dataset);
  const counted = mergeCases(spellings);
  if (counted.size > MOST_LABELS) throw tooMany(counted);
  const names = [...counted.keys()];
  const fraction = names.find((name) => /^-?\d*\.\d+$/.test(name));
  if (fraction !== undefined) {
    throw badLabels(
      `they are numbers with fractions, as ${fraction}, and not classes`,
    );
  }
  checkKinds(names);
  if (names.length < 2) {
    const what = names.length === 0
      ? "there are none"
      : `all are "${names[0]}"`;
    throw badLabels(what + tellMinusOnes({ labels: names, minusOnes }));
  }
  const labels = usualOrder(names, options.usual) ?? sorted(names);
  const counts = labels.map((name) => countOf(name, counted));
  return { labels, counts, minusOnes };
}

/**
 * The end of a sentence about the labels, if rows have -1: data sets say by it
 * that there is no label, and others that it is a class.
 */
export function tellMinusOnes(
  { labels, minusOnes }: Pick<InferredLabels, "labels" | "minusOnes">,
): string {
  if (minusOnes === 0) return "";
  const all = labels.length > 0 ? ["-1", ...labels] : ["-1", "0", "1"];
  const rows = minusOnes === 1 ? "1 row has" : `${minusOnes} rows have`;
  return `; ${rows} -1, taken as no label ` +
    `(--labels=${all.join()} keeps it as a class)`;
}

/** Tells which columns there are, as where the labels' names are given. */
async function refuseWithoutColumn(dataset: Dataset): Promise<void> {
  for (const { files, options } of dataset.values()) {
    for (const file of files) {
      await findFormat(file, {
        ...options,
        unlabelled: false,
        onWarning: undefined,
      });
    }
  }
}

/** What programs write where a cell is missing; "none" may be a class. */
const MISSING = /^(?:nan|null|nat|<na>|#?n\/a)$/i;

/** Refuses labels that are not all of one kind. */
function checkKinds(names: readonly string[]): void {
  const missing = names.find((name) => MISSING.test(name));
  if (missing !== undefined) {
    throw badLabels(`"${missing}" says that a label is missing`);
  }
  const number = names.find(isNumber);
  const word = names.find((name) => !/\d/.test(name));
  if (number !== undefined && word !== undefined) {
    throw badLabels(`there are numbers, as ${number}, and words, as "${word}"`);
  }
}

/** Puts spellings of one name together under the most frequent of them. */
function mergeCases(spellings: ReadonlyMap<string, number>) {
  const counted = new Map<string, number>();
  const groups = Map.groupBy(spellings, ([text]) => foldLabel(text));
  for (const group of groups.values()) {
    const [[best]] = group.toSorted(([a, m], [b, n]) =>
      n - m || (a < b ? -1 : 1)
    );
    counted.set(best, group.reduce((sum, [, count]) => sum + count, 0));
  }
  return counted;
}

/** The usual labels, if each name is one of them or the letter of one. */
function usualOrder(
  names: readonly string[],
  usual: readonly string[] | undefined,
): string[] | null {
  const known = usual?.flatMap((label) => [label, label[0]]) ?? [];
  const all = names.every((name) => known.includes(name.toLowerCase()));
  return all ? [...usual!] : null;
}

function sorted(names: readonly string[]): string[] {
  return names.every(isNumber)
    ? names.toSorted((a, b) => Number(a) - Number(b))
    : names.toSorted();
}

function countOf(label: string, counted: ReadonlyMap<string, number>): number {
  let count = 0;
  for (const [name, rows] of counted) {
    const same = name.toLowerCase() === label.toLowerCase() ||
      name.toLowerCase() === label[0] && !counted.has(label);
    if (same) count += rows;
  }
  return count;
}

function tooMany(names: ReadonlyMap<string, number>): UserError {
  const some = [...names.keys()].slice(0, 3).join(", ");
  return badLabels(
    `there are more than ${MOST_LABELS} different ones, as ${some}`,
  );
}

function badLabels(what: string): UserError {
  return new UserError(`Cannot take the labels from the data: ${what}`, {
    code: "bad-data",
    hint: "--label-field names the column of the labels, --labels A,B,C the " +
      "labels",
  });
}
