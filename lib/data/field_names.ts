/**
 * The names under which data sets keep their sentences and labels: those of
 * Hugging Face's SNLI, and those of SNLI's and MultiNLI's own files.
 *
 * @module
 */

/** Under which names one data set has what an example needs. */
export interface FieldNames {
  /** Name of the first sentence. */
  premise: string;
  /** Name of the second sentence; undefined if there is none. */
  hypothesis: string | undefined;
  /** Name of the label. */
  label: string;
}

const NAMES = {
  premise: ["premise", "sentence1"],
  hypothesis: ["hypothesis", "sentence2"],
  label: ["label", "gold_label"],
};

/**
 * Finds the fields of an example among the names that are there.
 *
 * @param names A table's columns or an object's keys.
 * @return Their names, or what is missing, as `premise or sentence1`.
 */
export function findFields(
  names: readonly string[],
): FieldNames | { missing: string } {
  const find = (candidates: string[]) =>
    candidates.find((name) => names.includes(name));
  const premise = find(NAMES.premise);
  const label = find(NAMES.label);
  if (premise === undefined) return { missing: NAMES.premise.join(" or ") };
  if (label === undefined) return { missing: NAMES.label.join(" or ") };
  return { premise, hypothesis: find(NAMES.hypothesis), label };
}
