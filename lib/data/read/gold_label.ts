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
  /**
   * The numbers that stand for the labels in the data, in their order, where
   * these do not count from 0, as -1, 0 and 1.
   */
  codes?: readonly string[] | undefined;
}

/**
 * The class that a gold label names: by the label's name, blanks around it,
 * case and invisible differences forgiven where that makes it one label; by its number in the data, which
 * other programs may have written as 1.0; or by its first letter if no other
 * label begins so, as ANLI's files have it. `-` and -1 say that the annotators
 * agreed on none.
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
  { labels, numbered, codes }: LabelNames,
  column: string,
): number | null {
  // An object of JSON need not have a text: it may have a toString of its own.
  const given = typeof value === "object" ? "" : String(value ?? "");
  const exact = labels.indexOf(given);
  if (exact >= 0) return exact;
  const text = plainNumber(visibleText(given));
  if (text === "" && (typeof value !== "object" || value === null)) {
    throw new RowError("the label is missing", {
      column,
      hint: '"-" or -1 says that there is none',
    });
  }
  const coded = codes?.indexOf(text) ?? -1;
  if (coded >= 0) return coded;
  const named = labels.indexOf(text);
  if (named >= 0) return named;
  if (text === "-" || text === "-1") return null;
  // Where numbers are names, another number is none of them by its place.
  const places = codes === undefined && !labels.some(isNumber);
  if (places && isNumber(text) && Number(text) < numbered.length) {
    return labels.indexOf(numbered[Number(text)]);
  }
  const folded = foldLabel(text);
  const alike = labels.filter((label) => foldLabel(label) === folded);
  const begun = labels.filter((label) => label[0].toLowerCase() === folded);
  const found = alike.length > 0 ? alike : begun;
  if (found.length === 1) return labels.indexOf(found[0]);
  throw new RowError(
    `the label is ${showValue(value)}, expected ${labels.join(", ")}, ${
      places ? `0 to ${numbered.length - 1}, ` : ""
    }${codes ? `${codes.join(", ")}, ` : ""}or "-" for none`,
    { column, hint: hintFor(folded, labels) },
  );
}

/**
 * A label as a text without blanks around it, numbers as digits alone.
 *
 * @param value The label as the data have it.
 * @return Null if it is missing, or says that there is none.
 */
export function labelText(value: unknown): string | null {
  const given = typeof value === "object" ? "" : String(value ?? "");
  const text = plainNumber(visibleText(given));
  return text === "" || text === "-" || text === "-1" ? null : text;
}

/**
 * What labels have in common that are one but for case or for what nobody sees.
 *
 * @param label The label's name.
 */
export function foldLabel(label: string): string {
  return visibleText(label).toLowerCase();
}

/** Soft hyphens, zero-width blanks, word joiners and byte order marks. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;

/** A text as it is seen: letters and their accents are one or two characters. */
function visibleText(text: string): string {
  return text.replace(INVISIBLE, "").normalize("NFC").trim();
}

/** What to do about a label that is none of the model's. */
function hintFor(label: string, labels: readonly string[]): string {
  const whole = /^(?:non|not)[-_ ]?(.+)$/.exec(label)?.[1];
  const of = labels.find((name) => name.toLowerCase() === whole);
  if (of === undefined || labels.length < 3) {
    return "--labels names the labels in the order of the model's outputs, " +
      "--labels auto takes the data's, and finetune --new-head puts a fresh " +
      "output layer for them on a model that has one";
  }
  const others = labels.filter((name) => name !== of).join(" and ");
  return `these data tell ${of} from all else: predict them, and count ` +
    `${others} as ${label}; or fine-tune a model of two classes, ` +
    `--labels ${of},${label} --new-head`;
}

/** A whole number as digits alone, where pandas wrote it as `2.0`. */
function plainNumber(text: string): string {
  return /^-?\d+\.0*$/.test(text) ? text.slice(0, text.indexOf(".")) : text;
}

/** Whether a label is -1, which says that there is none, or is a class. */
export function isMinusOne(label: unknown): boolean {
  return typeof label !== "object" &&
    plainNumber(visibleText(String(label))) === "-1";
}

/** Whether a label is told by its number, and is no label's name. */
export function isByNumber(
  label: unknown,
  { labels }: Pick<LabelNames, "labels">,
): boolean {
  return isNumber(label) && !labels.includes(labelText(label) ?? "");
}

/** Whether a label is told by its number, from 0. */
export function isNumber(label: unknown): boolean {
  return typeof label !== "object" && /^ *\d+(?:\.0*)? *$/.test(String(label));
}
