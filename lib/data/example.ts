/**
 * One example of a data set, before it is encoded.
 *
 * @module
 */

/** A pair of sentences, or a single one, with its class. */
export interface Example {
  /** The first sentence. */
  premise: string;
  /** The second sentence, or null if there is none. */
  hypothesis: string | null;
  /** Class index, or null if the annotators agreed on none. */
  label: number | null;
  /** Line of the source on which the example begins, from 1. */
  row: number;
}
