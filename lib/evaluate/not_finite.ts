/**
 * A model that says nothing.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";

/**
 * The error for a logit that is no finite number.
 *
 * @param logit The logit.
 * @param what What the model was given, in words.
 */
export function notFinite(logit: number, what: string): UserError {
  return new UserError(
    `The model gives a logit of ${logit} for ${what}, expected a finite number`,
    {
      code: "not-finite",
      exitCode: 1,
      hint: "its weights are finite, but so large that what they compute is " +
        "not: its training went wrong; a smaller --lr may help",
    },
  );
}
