/**
 * The error of this folder: a directory that holds no model as it is.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";

const USUAL_HINT =
  "a model directory holds vocab.json and *.params, or config.json with " +
  "weights and vocabulary (--model)";

/**
 * An error about a directory.
 *
 * @param directory The directory, as the user knows it.
 * @param problem What is wrong with it, as a clause without a full stop.
 * @param hint What to do about it; by default, what a model directory holds.
 * @return An error with the code `bad-model`, to be thrown.
 *
 * @example
 * ```ts
 * import { badModel } from "./bad_model.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { message } = badModel("mine", "it has no vocab.json");
 * assertEquals(message, 'Cannot open the model "mine": it has no vocab.json');
 * ```
 */
export function badModel(
  directory: string,
  problem: string,
  hint: string = USUAL_HINT,
): UserError {
  return new UserError(`Cannot open the model "${directory}": ${problem}`, {
    code: "bad-model",
    hint,
  });
}

/** Names that a message lists at most. */
const MOST_LISTED = 8;

/**
 * Names as a message lists them: in their order, the last ones left out where
 * they are many.
 *
 * @param names The names.
 */
export function listNames(names: Iterable<string>): string {
  const sorted = [...names].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true })
  );
  const rest = sorted.length - MOST_LISTED;
  return sorted.slice(0, MOST_LISTED).join(", ") +
    (rest > 0 ? ` and ${rest} more` : "");
}
