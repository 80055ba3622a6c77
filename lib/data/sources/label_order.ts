/**
 * The order in which the numbers of a data set stand for its labels.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { isNumber, type LabelNames } from "../read/gold_label.ts";

/**
 * How the labels of a data set are told.
 *
 * @param labels The model's label names in the order of its outputs.
 * @param dataLabels The same names in the order of the data's numbers, or the
 * numbers that stand for the labels.
 * @throws {UserError} `bad-usage` if they are neither.
 */
export function labelNamesOf(
  labels: readonly string[],
  dataLabels: readonly string[],
): LabelNames {
  if (areCodes(dataLabels, labels)) {
    return { labels, numbered: labels, codes: dataLabels };
  }
  checkDataLabels(dataLabels, labels);
  return { labels, numbered: dataLabels };
}

/** Whether they are numbers that stand for the labels, one for each. */
function areCodes(
  dataLabels: readonly string[],
  labels: readonly string[],
): boolean {
  return dataLabels.every((label) => /^-?\d+$/.test(label)) &&
    new Set(dataLabels).size === labels.length &&
    dataLabels.length === labels.length && !labels.some(isNumber);
}

function checkDataLabels(
  dataLabels: readonly string[],
  labels: readonly string[],
): void {
  if (dataLabels.toSorted().join() === labels.toSorted().join()) return;
  throw new UserError(
    `Cannot read labels as ${dataLabels.join(", ")}: the model's are ${
      labels.join(", ")
    }`,
    {
      code: "bad-usage",
      hint: "--data-labels gives the model's labels in the data's order, or " +
        "the data's numbers, as -1,0,1, in the order of the model's labels",
    },
  );
}
