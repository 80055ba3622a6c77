/**
 * The names under which data sets keep their sentences and labels.
 *
 * @module
 */
import { RowError } from "./bad_data.ts";

/** Under which names one data set has what an example needs. */
export interface FieldNames {
  /** Name of the first sentence. */
  premise: string;
  /** Name of the second sentence; null if there is none. */
  hypothesis: string | null;
  /** Name of the label. */
  label: string;
}

/** The names that the user gives; the others are found. */
export interface GivenFields {
  /** Name of the first sentence. */
  premise?: string | undefined;
  /** Name of the second sentence. */
  hypothesis?: string | undefined;
  /** Name of the label. */
  label?: string | undefined;
}

/** First and second sentence; the first pair whose first is there is taken. */
const SENTENCES: readonly (readonly [first: string, second?: string])[] = [
  // Hugging Face's SNLI, MultiNLI and ANLI have these.
  ["premise", "hypothesis"],
  // The files of SNLI and MultiNLI have these, and so have GLUE's.
  ["sentence1", "sentence2"],
  // ANLI's own files have these.
  ["context", "hypothesis"],
  // GLUE's QNLI has these.
  ["question", "sentence"],
  // GLUE's QQP and MRPC have these, and CoLA and SST-2 a single sentence.
  ["question1", "question2"],
  ["#1 String", "#2 String"],
  ["sentence"],
];

/** The last two are of GLUE's own files of QQP and MRPC. */
const LABELS = ["label", "gold_label", "is_duplicate", "Quality"];

/**
 * Finds the fields of an example among the names that are there.
 *
 * @param names A table's columns or an object's keys.
 * @param given Names that are known.
 * @return Their names.
 * @throws {RowError} If one is missing.
 *
 * @example
 * ```ts
 * import { findFields } from "./field_names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   findFields(["uid", "context", "hypothesis", "label"], {}),
 *   { premise: "context", hypothesis: "hypothesis", label: "label" },
 * );
 * ```
 */
export function findFields(
  names: readonly string[],
  given: GivenFields,
): FieldNames {
  const missing = Object.values(given)
    .find((name) => name !== undefined && !names.includes(name));
  if (missing !== undefined) throw missingField(missing, names);
  const [first, second] =
    SENTENCES.find(([first]) => first === given.premise) ??
      SENTENCES.find(([first]) => names.includes(first)) ?? [];
  const premise = given.premise ?? first;
  const hypothesis = given.hypothesis ?? second;
  const label = given.label ?? LABELS.find((name) => names.includes(name));
  if (premise === undefined) {
    throw missingField(SENTENCES.map(([name]) => name).join(" or "), names);
  }
  if (label === undefined) throw missingField(LABELS.join(" or "), names);
  const single = hypothesis === undefined || !names.includes(hypothesis);
  return { premise, hypothesis: single ? null : hypothesis, label };
}

function missingField(expected: string, names: readonly string[]): RowError {
  return new RowError(
    `it has ${names.join(", ")}, expected ${expected} as well`,
    { hint: "--premise-field, --hypothesis-field and --label-field name them" },
  );
}
