/**
 * The correlation of truth and prediction.
 *
 * @module
 */

/**
 * Matthews' correlation coefficient of any number of classes (Gorodkin,
 * Comparing two K-category assignments by a K-category correlation
 * coefficient, 2004): 1 if all is right, 0 for guesses, and 0 too, as
 * scikit-learn has it, if all examples are of one class or said to be of one.
 *
 * @param confusion Counts, `[C, C]`: rows are true classes.
 * @return From -1 to 1.
 *
 * @example
 * ```ts
 * import { matthews } from "./matthews.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(matthews(Float64Array.of(5, 0, 0, 5)), 1);
 * assertEquals(matthews(Float64Array.of(5, 0, 5, 0)), 0);
 * ```
 */
export function matthews(confusion: Float64Array): number {
  const classes = Math.sqrt(confusion.length);
  let examples = 0;
  let right = 0;
  let both = 0;
  let said2 = 0;
  let support2 = 0;
  for (let label = 0; label < classes; label++) {
    let support = 0;
    let said = 0;
    for (let other = 0; other < classes; other++) {
      support += confusion[label * classes + other];
      said += confusion[other * classes + label];
    }
    examples += support;
    right += confusion[label * classes + label];
    both += support * said;
    said2 += said ** 2;
    support2 += support ** 2;
  }
  const variances = (examples ** 2 - said2) * (examples ** 2 - support2);
  if (variances === 0) return 0;
  return (right * examples - both) / Math.sqrt(variances);
}
