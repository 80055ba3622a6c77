/**
 * The one error of this folder: a weight file that cannot be used.
 *
 * @module
 */
import { listProblems, type UserError } from "../../base/errors.ts";

/**
 * An error about a weight file.
 *
 * @param file The file's path, as the user knows it.
 * @param problems What is wrong with it, each a clause without a full stop.
 * @param hint What to do about it; by default, to fetch or save it again.
 * @return An error with the code `bad-weights`, to be thrown.
 *
 * @example
 * ```ts
 * import { badWeights } from "./bad_weights.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const error = badWeights("a.params", "it is empty");
 * assertEquals(error.message, 'Cannot load weights "a.params": it is empty');
 * assertEquals(error.code, "bad-weights");
 * ```
 */
export function badWeights(
  file: string,
  problems: string | readonly string[],
  hint = "fetch or save the file again, it may be damaged or of another kind",
): UserError {
  return listProblems(
    `Cannot load weights "${file}"`,
    typeof problems === "string" ? [problems] : problems,
    { code: "bad-weights", hint },
  );
}
