import { badData, type Place } from "./bad_data.ts";

/**
 * The class that a gold label names.
 *
 * @param value A label's name, or its index as a number or its digits; `-` and
 * -1 say that the annotators agreed on none.
 * @param labels The model's label names in the order of its outputs.
 * @param place Where the label stands, for the error.
 * @return Class index, or null for none.
 * @throws {UserError} `bad-data` if it is anything else.
 */
export function parseGoldLabel(
  value: unknown,
  labels: readonly string[],
  place: Place,
): number | null {
  const text = String(value);
  const named = labels.indexOf(text);
  if (named >= 0) return named;
  if (text === "-" || text === "-1") return null;
  if (/^\d+$/.test(text) && Number(text) < labels.length) return Number(text);
  throw badData(
    place,
    `the label is ${JSON.stringify(value)}, expected ${
      labels.join(", ")
    }, 0 to ${labels.length - 1}, or "-" for none`,
    { hint: "--labels names the labels in the order of the model's outputs" },
  );
}
