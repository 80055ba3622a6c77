/**
 * From what stands for a label in a data set to a class.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import { RowError } from "./bad_data.ts";

/** How labels are told. */
export interface LabelNames {
  /** The model's label names in the order of its outputs. */
  labels: readonly string[];
  /** The same names in the order of the data's numbers. */
  numbered: readonly string[];
}

/**
 * The class that a gold label names: by the label's name, by its number in the
 * data, or by its first letter if no other label begins so, as ANLI's files
 * have it. `-` and -1 say that the annotators agreed on none.
 *
 * @param value The label as the data have it.
 * @param names The label names of the model and of the data.
 * @param column The column that it stands in, for the error.
 * @return Class index, or null for none.
 * @throws {RowError} If it is anything else.
 *
 * @example
 * ```ts
 * import { parseGoldLabel } from "./gold_label.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const names = {
 *   labels: ["entailment", "contradiction", "neutral"],
 *   numbered: ["entailment", "neutral", "contradiction"],
 * };
 * const classes = ["neutral", "n", 1, "-"]
 *   .map((value) => parseGoldLabel(value, names, "label"));
 * assertEquals(classes, [2, 2, 2, null]);
 * ```
 */
export function parseGoldLabel(
  value: unknown,
  { labels, numbered }: LabelNames,
  column: string,
): number | null {
  // An object of JSON need not have a text: it may have a toString of its own.
  const text = typeof value === "object" ? "" : String(value);
  const named = labels.indexOf(text);
  if (named >= 0) return named;
  if (text === "-" || text === "-1") return null;
  if (isNumber(value) && Number(text) < numbered.length) {
    return labels.indexOf(numbered[Number(text)]);
  }
  const alike = labels.filter((label) => label[0] === text);
  if (alike.length === 1) return labels.indexOf(alike[0]);
  throw new RowError(
    `the label is ${showValue(value)}, expected ${labels.join(", ")}, 0 to ${
      numbered.length - 1
    }, or "-" for none`,
    {
      column,
      hint: "--labels names the labels in the order of the model's outputs",
    },
  );
}

/** Whether a label is told by its number, from 0. */
export function isNumber(label: unknown): boolean {
  return typeof label !== "object" && /^\d+$/.test(String(label));
}
