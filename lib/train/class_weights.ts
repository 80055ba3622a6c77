/**
 * Checks how much the examples of each class are to count.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";

/**
 * Refuses weights that are not one a class.
 *
 * @param weights The weights; none is fine.
 * @param labels The model's classes.
 * @throws {UserError} If there are more or fewer.
 */
export function checkClassWeights(
  weights: readonly number[] | undefined,
  labels: readonly string[],
): void {
  if (weights === undefined || weights.length === labels.length) return;
  throw new UserError(
    `Cannot weight the classes: --class-weights has ${weights.length} ` +
      `numbers, and the model has ${labels.length} classes`,
    {
      code: "bad-config",
      hint: `give one number each for ${labels.join(", ")}`,
    },
  );
}
