/**
 * One example of a data set, before it is encoded.
 *
 * @module
 */
import type { FieldNames } from "./columns/field_names.ts";

/** A row of a data set as the file has it. */
export interface RawExample {
  /** Under which names the row has what follows. */
  fields: FieldNames;
  /** The two sentences; the second is null if there is none. */
  sentences: [string, string | null];
  /** What stands for the class. */
  label: unknown;
  /** All that the row has beside the sentences, by name. */
  others(): Record<string, unknown>;
}

/** A pair of sentences, or a single one, with its class. */
export interface Example {
  /** The first sentence. */
  premise: string;
  /** The second sentence, or null if there is none. */
  hypothesis: string | null;
  /** Class index, or null if the annotators agreed on none. */
  label: number | null;
  /** Line on which the example begins, counted from 0 in its piece. */
  sourceLine: number;
}
