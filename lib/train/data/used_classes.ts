/**
 * The classes of the examples that a run uses.
 *
 * @module
 */
import type { Table } from "../../data/table/table.ts";
import type { TableDir } from "../../data/table/table_dir.ts";
import type { ClassCounts } from "../../data/table/warnings/class_warnings.ts";
import type { SplitUse } from "../../events/events.ts";
import { countClasses } from "../class_weights.ts";
import { type Splits, splitUses } from "./splits.ts";

/** The splits of a run, and which of their rows it uses. */
export interface UsedRows {
  /** The splits. */
  splits: Splits;
  /** Whether no model is chosen. */
  followBook: boolean;
  /** How many rows of each are used, from the first; all if undefined. */
  limit?: number | undefined;
}

/**
 * Counts the examples of each class in the splits that a run uses.
 *
 * @param tables The encoded data.
 * @param used The splits, and which of their rows are used.
 */
export function usedClasses(
  tables: TableDir,
  { splits, followBook, limit }: UsedRows,
): ClassCounts[] {
  const { labels } = tables.manifest;
  const { train, dev, test } = splits;
  const tableOf: Record<SplitUse["use"], Table | undefined> = {
    train,
    choose: dev,
    watch: test,
    measure: test,
    none: undefined,
  };
  return splitUses(tables, { followBook, limit })
    .flatMap(({ split: name, rows, use }) => {
      const table = tableOf[use];
      if (table === undefined) return [];
      const counts = countClasses(labels.length, table, { limit });
      return [{
        name,
        rows,
        limited: rows < table.rows,
        labels: Object.fromEntries(labels.map((label, i) => [
          label,
          counts[i],
        ])),
      }];
    });
}
