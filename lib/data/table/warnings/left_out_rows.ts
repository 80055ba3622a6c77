/**
 * Rows that are not in a table, as warnings.
 *
 * @module
 */
import type { WarningEvent } from "../../../events/events.ts";
import { skippedPath } from "../table_dir.ts";
import type { SplitRecord, TableManifest } from "../table_manifest.ts";
import { type TableFacts, warn } from "./table_warning.ts";

/**
 * Share of the rows that may be left out: of SNLI 2 % have no gold label at
 * most. More than one in twenty may be a class, or all the rows of one kind.
 */
const MOST_LEFT_OUT = 0.05;

/** Warns of rows that cannot be read. */
export function skippedRows(
  { directory, manifest }: TableFacts,
): WarningEvent | undefined {
  const told = leftOut(manifest, ({ skipped }) => skipped);
  const lists = told.map(([name]) => skippedPath(directory, name));
  return warn({
    code: "skipped-rows",
    told: told.map(([, rows]) => rows),
    end: " cannot be read and were skipped",
    hint: `${lists.join(", ")} ${
      lists.length > 1 ? "tell" : "tells"
    } which they are, and why`,
  });
}

/** Warns of rows without a gold label. */
export function unlabelledRows(
  { manifest }: TableFacts,
): WarningEvent | undefined {
  return warn({
    code: "unlabelled-rows",
    told: leftOut(manifest, ({ dropped }) => dropped).map(([, rows]) => rows),
    end: " have no gold label and were left out",
    hint: '"-" and -1 say that there is none; where -1 is a class, ' +
      "--data-labels gives the numbers of the labels, as -1,1",
  });
}

/** The splits that many rows of are left out, and how many these are. */
function leftOut(
  { splits }: TableManifest,
  count: (split: SplitRecord) => number,
): [name: string, rows: string][] {
  return Object.entries(splits).flatMap(([name, split]) => {
    const out = count(split);
    const all = split.rows + split.dropped + split.skipped;
    return out <= MOST_LEFT_OUT * all
      ? []
      : [[name, `${out} of the ${all} rows of ${name}`]];
  });
}
