/**
 * Under which names a file keeps its sentences and labels.
 *
 * @module
 */

/** Under which names one file has what an example needs. */
export interface FieldNames {
  /** Name of the first sentence. */
  premise: string;
  /** Name of the second sentence; null in a file of single sentences. */
  hypothesis: string | null;
  /** Name of the label; null if there is none. */
  label: string | null;
}

/** Names of the sentences of a file. */
export type SentenceNames = Pick<FieldNames, "premise" | "hypothesis">;

/** The names that the user gives; the others are found. */
export interface GivenFields {
  /** Name of the first sentence. */
  premise?: string | undefined;
  /** Name of the second sentence. */
  hypothesis?: string | undefined;
  /** Name of the label. */
  label?: string | undefined;
}
