/**
 * Data sets: which rows of which files are a split.
 *
 * @module
 */
import type { DataFile } from "../read/blocks.ts";
import type { LabelNames } from "../read/gold_label.ts";
import type { FormatOptions } from "../read/row_format.ts";
import type { RowsOfSplit } from "../read/rows_of_split.ts";
import type { Share } from "./premise_share.ts";

/** One split of a data set. */
export interface Split {
  /** Its name, as `train`, `dev` or `test`. */
  readonly name: string;
  /** The files it is read from, one after the other; at least one. */
  readonly files: readonly DataFile[];
  /** What its labels are called. */
  readonly labels: LabelNames;
  /** What the user says of the file. */
  readonly options: FormatOptions;
  /** Which rows it takes of a file whose column tells; all if absent. */
  readonly only?: RowsOfSplit;
  /** Which of the file's examples it takes; all if absent. */
  readonly share?: Share;
}

/** A data set's splits by name. */
export type Dataset = Map<string, Split>;
