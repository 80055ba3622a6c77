/**
 * Refuses weights that are no numbers: no learning rate mends them, and all that
 * is computed with them is none either.
 *
 * @module
 */
import { listNames } from "./directory/bad_model.ts";
import type { NamedArrays } from "./formats/arrays.ts";
import { badWeights } from "./formats/bad_weights.ts";

/** Where arrays are from. */
export interface ArraysSource {
  /** Path of their file. */
  file: string;
  /** The name in the file of each of them, by neutral name. */
  fileNames: ReadonlyMap<string, string>;
  /** Whether this program trained them. */
  trainedHere: boolean;
}

/**
 * Checks that a model's weights are finite numbers.
 *
 * @param arrays The model's arrays by neutral name.
 * @param source Where they are from.
 * @throws UserError `bad-weights` that names the arrays that hold NaN or
 *     infinity.
 */
export function checkFinite(arrays: NamedArrays, source: ArraysSource): void {
  const { file, fileNames, trainedHere } = source;
  const bad: string[] = [];
  for (const [name, { data }] of arrays) {
    if (areFinite(data)) continue;
    const count = data.reduce((sum, x) => sum + Number(!isFinite(x)), 0);
    const kind = data.some(Number.isNaN) ? "NaN" : "infinity";
    bad.push(
      `"${
        fileNames.get(name) ?? name
      }" (${kind}, ${count} of ${data.length} numbers)`,
    );
  }
  if (bad.length === 0) return;
  throw badWeights(
    file,
    bad.length === 1
      ? `array ${bad[0]} is not finite`
      : `${bad.length} arrays are not finite: ${listNames(bad)}`,
    trainedHere
      ? "its training went wrong: fine-tune again, a smaller --lr may help"
      : "fetch or convert the file again; if it is so where it comes from, " +
        "its training or its conversion to 16 bits went wrong there",
  );
}

/** Products with 0 are 0, but of what is not finite: this is the fastest test. */
function areFinite(data: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] * 0;
  return sum === 0;
}
