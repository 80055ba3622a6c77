/**
 * Whether the outputs of a Hugging Face model are classes of which one is right,
 * the only ones that are computed here.
 *
 * @module
 */
import { classCount, type LabelFields } from "./labels.ts";

/** What transformers calls such a model. */
const ONE_CLASS = "single_label_classification";

/** What to do about such a head. */
export const OTHER_HEAD: string =
  "finetune --new-head puts another output layer on it";

/**
 * What a head has of others: a score alone, or classes of which several may be
 * right. A softmax over these would be wrong.
 *
 * @param fields What the configuration says.
 * @param rows Rows of the output layer; null if there is none, undefined if it
 *     was not read.
 * @return A clause each.
 */
export function headProblems(
  fields: LabelFields & { problem_type?: string | null | undefined },
  rows: number | null | undefined,
): string[] {
  if (rows === null) return [];
  const { problem_type: type } = fields;
  if (type && type !== ONE_CLASS) {
    return [
      `problem_type is "${type}", expected "${ONE_CLASS}"`,
    ];
  }
  if ((rows ?? classCount(fields)) !== 1) return [];
  return [
    "its output layer has one output, which is a score and no class, expected " +
    "one for each class",
  ];
}
