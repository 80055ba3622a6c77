/**
 * The events and figures that tell what is lost between text and tokens.
 *
 * @module
 */

/** What a split of encoded data is used for in training. */
export interface SplitUse {
  /** The split's name. */
  split: string;
  /** Examples that are used; all of them if nothing is. */
  rows: number;
  /**
   * `train`: trained on. `choose`: measured after each epoch, to choose the
   * model by. `watch`: measured after each epoch, and nothing is chosen by it.
   * `measure`: measured once, in the end. `none`: not used.
   */
  use: "train" | "choose" | "watch" | "measure" | "none";
  /** Rows of the whole split left out because they have no gold label. */
  dropped: number;
  /** Rows of it left out because they cannot be read. */
  skipped: number;
  /** The file that lists these; absent if there are none. */
  skippedList?: string | undefined;
  /** Of the whole split; null if it was encoded by an earlier program. */
  figures: SplitFigures | null;
}

/** What a run trains on and is measured on. */
export interface DataEvent {
  /** Tells the kinds of lines apart. */
  event: "data";
  /** The directory of encoded data. */
  data: string;
  /** Longest encoded example, in tokens; longer ones were cut. */
  maxLength: number;
  /** Whose text was encoded for this run: which columns were read. */
  columns?: DataColumns | undefined;
  /** All splits that are there. */
  splits: SplitUse[];
  /** How much an example of each class counts; absent if all count alike. */
  classWeights?: Record<string, number> | undefined;
}

/** The names of the columns or fields that were read. */
export interface DataColumns {
  /** Of the first sentence. */
  premise: string;
  /** Of the second one; null for single sentences. */
  hypothesis: string | null;
  /** Of the label. */
  label: string | null;
}

/** What is known of a split's text and of what its encoding lost. */
export interface SplitFigures {
  /** Examples of each class, by its label. */
  labels: Record<string, number>;
  /** Tokens of all sentences, before any was cut and without special ones. */
  words: number;
  /** How many of these the vocabulary does not have. */
  unknown: number;
  /** Examples that were cut. */
  cut: number;
  /**
   * Tokens of an example before it is cut, the special ones included: half of
   * the examples, and 99 of 100, have no more than told.
   */
  lengths: { median: number; p99: number; longest: number };
  /** Examples with a sentence that has no tokens. */
  empty: number;
  /** Examples whose sentences an earlier one of the split has too. */
  repeated: number;
  /** How many of these have another label than the first. */
  conflicting: number;
  /** By the name of an earlier split: examples whose sentences it has too. */
  alsoIn: Record<string, number>;
}
