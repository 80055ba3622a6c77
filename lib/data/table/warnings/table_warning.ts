/**
 * The form of the warnings of a table.
 *
 * @module
 */
import { showShare } from "../../../base/show_value.ts";
import type { SplitFigures, WarningEvent } from "../../../events/events.ts";
import type { TableManifest } from "../table_manifest.ts";

/** A split whose figures are known. */
export interface KnownSplit {
  /** Its name. */
  name: string;
  /** Its examples. */
  rows: number;
  /** What is known of its text. */
  figures: SplitFigures;
}

/** What is known of a table. */
export interface TableFacts {
  /** Where it is. */
  directory: string;
  /** What it says of itself. */
  manifest: TableManifest;
  /** The splits whose figures are known. */
  splits: readonly KnownSplit[];
  /** The name of the model that it is encoded for. */
  model: string;
}

/** What a warning says. */
interface Told {
  /** Its code. */
  code: string;
  /** What it says of each split; there is no warning without any. */
  told: readonly string[];
  /** What it says of them all. */
  end: string;
  /** What to do about it. */
  hint: string;
}

/** The warning of some splits; undefined if there is nothing to say of any. */
export function warn(
  { code, told, end, hint }: Told,
): WarningEvent | undefined {
  if (told.length === 0) return undefined;
  const message = told.join(", ") + end;
  return { event: "warning", code, message, hint };
}

/**
 * What to say of the splits of whose examples too many are counted.
 *
 * @param most The share of them that is not too much.
 * @param splits The splits.
 * @param count How many are counted.
 */
export function examplesBeyond(
  most: number,
  splits: readonly KnownSplit[],
  count: (figures: SplitFigures) => number,
): string[] {
  return splits.flatMap(({ name, rows, figures }) =>
    shareBeyond(most, count(figures), rows, `examples of ${name}`)
  );
}

/**
 * A share, as `5 % of the examples of dev`, if it is too much.
 *
 * @param most The share that is not too much.
 * @param part What is counted.
 * @param whole What it is a part of.
 * @param what What that is called.
 * @return The share, or nothing.
 */
export function shareBeyond(
  most: number,
  part: number,
  whole: number,
  what: string,
): string[] {
  return part <= most * whole
    ? []
    : [`${showShare(part, whole)} of the ${what}`];
}
