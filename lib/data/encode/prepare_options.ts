/**
 * What tables are made of, and how.
 *
 * @module
 */
import type { OnProgress } from "../../base/progress.ts";
import type { WarningEvent } from "../../events/events.ts";
import type { TextRecipe } from "../../text/recipe.ts";
import type { FormatOptions } from "../read/row_format.ts";
import type { DataSource } from "../sources/source.ts";

/** What to encode, and how. */
export interface PrepareTablesOptions
  extends Omit<TextRecipe, "rules">, FormatOptions {
  /** What to read, as {@link openDataset} takes it. */
  data: readonly DataSource[];
  /** The model's vocabulary file; other files of its tokenizer lie beside it. */
  vocabularyFile: string;
  /** The version of the text rules; the newest if absent. */
  rules?: number | undefined;
  /**
   * The model's label names in the order of its outputs, at most 128; null to
   * take those of the data, which are told (`inferred-labels`).
   */
  labels: readonly string[] | null;
  /** With `labels` null: labels whose order is kept if the data's are these. */
  usualLabels?: readonly string[] | undefined;
  /** The same names in the order of the data's numbers; `labels` if absent. */
  dataLabels?: readonly string[] | undefined;
  /** Examples to take of each split; all if absent. */
  limit?: number | undefined;
  /** Which split a lone file is; `train` if absent. */
  loneSplit?: string | undefined;
  /** Share of the training premises that becomes the test split. */
  testFraction?: number | undefined;
  /** Share of them that becomes the dev split. */
  devFraction?: number | undefined;
  /** Whether a bad row stops the work, as without this, or is left out. */
  onBadRow?: "stop" | "skip" | undefined;
  /** Whether the directory is to have one of its own for each fingerprint. */
  byFingerprint?: boolean | undefined;
  /** Encoding workers; the cores, at most 4, if absent. */
  workers?: number | undefined;
  /** Whether to replace encoded data of other sources too. */
  overwrite?: boolean | undefined;
  /** Is told the rows done. */
  onProgress?: OnProgress;
  /** Called once if another process is writing the same directory. */
  onWait?: () => void;
  /** Is told what is not read, or not as one might think. */
  onWarning?: (warning: WarningEvent) => void;
  /** Stops the work. */
  signal?: AbortSignal;
}
