/**
 * Files whose rows say themselves to which split they belong, as those of
 * AllNLI, the STS benchmark and SICK do.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { badData } from "../read/bad_data.ts";
import type { DataFile } from "../read/blocks.ts";
import type { RowsOfSplit } from "../read/rows_of_split.ts";
import type { Split } from "./dataset.ts";
import { type Scan, scanFile, type ScanOptions } from "./scan_rows.ts";
import { splitNamed, splitRank } from "./split_names.ts";

/** A column of these names holds splits, whatever it says. */
const CERTAIN = /^(?:split|semeval_set)$/i;

/** A column of these names holds splits if it says nothing else. */
const POSSIBLE = /^(?:set|subset|partition|fold)$/i;

/** The rows of a split in a file of several. */
export interface SplitRows {
  /** The split. */
  split: string;
  /** How many there are. */
  rows: number;
  /** Which they are. */
  only: RowsOfSplit;
}

/**
 * Looks through a file for a column that says to which split each row belongs.
 *
 * @param file The file.
 * @param options What the user says of it, and a signal.
 * @return The splits, `train` first; null if there is no such column.
 * @throws {UserError} `bad-data` if it holds names that are no split's.
 */
export async function findSplitRows(
  file: DataFile,
  options: ScanOptions,
): Promise<SplitRows[] | null> {
  const scan = await tryScan(file, options);
  if (scan === null) return null;
  const { column, counts } = await countValues(scan);
  if (column === null) return null;
  const unknown = [...counts.keys()].find((value) =>
    splitNamed(value) === null
  );
  if (unknown !== undefined && !CERTAIN.test(column)) return null;
  if (unknown !== undefined) {
    throw badData(
      { path: file.shown, column },
      `it has rows of "${unknown}", expected the names of splits: train, ` +
        "dev (val, valid, validation), test (eval, evaluation)",
      { hint: "to take the whole file as one split, give --data train=FILE" },
    );
  }
  const splits = Map.groupBy(counts, ([value]) => splitNamed(value)!);
  return [...splits].sort(([a], [b]) => splitRank(a) - splitRank(b))
    .map(([split, values], i) => ({
      split,
      rows: values.reduce((sum, [, rows]) => sum + rows, 0),
      only: {
        column,
        values: values.map(([value]) => value),
        unreadable: i === 0,
      },
    }));
}

/**
 * The splits that the rows of a lone file name, which is told.
 *
 * @param split The file as one split.
 * @param options Whether the user says that it is a `whole` one.
 * @return The splits; the split itself if its rows name none, or it is whole.
 * @throws {UserError} As {@link findSplitRows} does.
 */
export async function splitByColumn(
  split: Split,
  { whole, ...options }: ScanOptions & { whole: boolean },
): Promise<Split[]> {
  const { files: [file, ...others], name } = split;
  if (others.length > 0) return [split];
  const parts = await findSplitRows(file, options);
  if (parts === null) return [split];
  const { onWarning } = options;
  const counts = parts.map(({ split, rows }) => `${split} (${rows} rows)`)
    .join(", ");
  const { column } = parts[0].only;
  if (!whole) {
    onWarning?.({
      event: "warning",
      code: "split-column",
      message: `The splits of "${file.shown}" are those that its column ` +
        `"${column}" names: ${counts}`,
      hint: `--data train=${file.shown} takes the whole file`,
    });
    return parts.map(({ split: name, only }) => ({ ...split, name, only }));
  }
  if (parts.some((part) => part.split !== name)) {
    onWarning?.({
      event: "warning",
      code: "split-column",
      message: `All rows of "${file.shown}" are taken as ${name}, though its ` +
        `column "${column}" names ${counts}`,
      hint: `--data ${file.shown} takes its splits from that column`,
    });
  }
  return [split];
}

/** What cannot be read is told by who encodes it. */
async function tryScan(
  file: DataFile,
  options: ScanOptions,
): Promise<Scan | null> {
  try {
    return await scanFile(file, options);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** The column, and how many rows have each of its values. */
async function countValues({ format, rows }: Scan): Promise<
  { column: string | null; counts: Map<string, number> }
> {
  const counts = new Map<string, number>();
  let column = format.kind === "table" ? columnOf(format.header) : null;
  if (format.kind === "table" && column === null) return { column, counts };
  for await (const row of rows) {
    column ??= columnOf([...row.keys()]);
    if (column === null) break;
    const value = String(row.get(column) ?? "");
    counts.set(value, (counts.get(value) ?? 0) + 1);
    // No data set has so many splits.
    if (counts.size > 1000) break;
  }
  return { column, counts };
}

function columnOf(names: readonly string[]): string | null {
  return names.find((name) => CERTAIN.test(name.trim())) ??
    names.find((name) => POSSIBLE.test(name.trim())) ?? null;
}
