/**
 * What each split of the data is for.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import type { Table } from "../../data/table/table.ts";
import { skippedPath, type TableDir } from "../../data/table/table_dir.ts";
import type { SplitUse } from "../../events/events.ts";
import type { ChooseEpochOptions } from "../choose_epoch.ts";

/** The tables of a run. */
export interface Splits {
  /** Trained on. */
  train: Table;
  /** Measured after every epoch, to choose the model by; absent if none is. */
  dev?: Table | undefined;
  /** Measured once in the end, or after every epoch if there is no `dev`. */
  test?: Table | undefined;
}

/** What the splits are for. */
export interface SplitOptions
  extends Pick<ChooseEpochOptions, "bestBy" | "patience"> {
  /** Watch the test split and choose no model, as the book does. */
  followBook: boolean;
}

/**
 * Opens the splits of a run. The dev split is `dev`, or else the first whose
 * name begins so, as MultiNLI's `dev_matched`.
 *
 * @param tables The encoded data.
 * @param options What they are for.
 * @throws {UserError} `bad-usage` if a model is to be chosen and there is no
 *   dev split to choose it by; `bad-table` if a table is damaged.
 */
export async function openSplits(
  tables: TableDir,
  { followBook, bestBy, patience }: SplitOptions,
): Promise<Splits> {
  const names = Object.keys(tables.manifest.splits);
  const dev = devOf(names, { followBook });
  if (dev === undefined && (bestBy !== undefined || patience !== undefined)) {
    throw new UserError(
      `Cannot choose a model by ${names.join(", ")}: there is no dev split`,
      {
        code: "bad-usage",
        hint: "preprocess --dev-fraction 0.1 takes one of the training split",
      },
    );
  }
  return {
    train: await tables.open("train"),
    dev: dev === undefined ? undefined : await tables.open(dev),
    test: names.includes("test") ? await tables.open("test") : undefined,
  };
}

/**
 * Tells what each split of the encoded data is used for.
 *
 * @param tables The encoded data.
 * @param options Whether no model is chosen, and how many examples are taken.
 */
export function splitUses(
  { directory, manifest: { splits } }: TableDir,
  { followBook, limit = Infinity }: {
    followBook: boolean;
    limit?: number | undefined;
  },
): SplitUse[] {
  const dev = devOf(Object.keys(splits), { followBook });
  const useOf = (split: string) =>
    split === "train"
      ? "train"
      : split === dev
      ? "choose"
      : split !== "test"
      ? "none"
      : dev === undefined
      ? "watch"
      : "measure";
  return Object.entries(splits).map(([split, record]) => {
    const { rows, dropped, skipped, figures = null } = record;
    const use = useOf(split);
    return {
      split,
      rows: use === "none" ? rows : Math.min(rows, limit),
      use,
      dropped,
      skipped,
      skippedList: skipped > 0 ? skippedPath(directory, split) : undefined,
      figures,
    };
  });
}

/** The split that the model is chosen by, if any is. */
function devOf(
  names: readonly string[],
  { followBook }: { followBook: boolean },
): string | undefined {
  if (followBook) return undefined;
  return names.find((name) => name === "dev") ??
    names.find((name) => name.startsWith("dev_"));
}
