/**
 * Steps whose loss or gradient is not finite: nothing can be learned of them,
 * and a model updated by one is lost.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import type { WarningEvent } from "../events/events.ts";

/** A step whose loss or gradient is not finite. */
export interface NotFiniteStep {
  /** Steps since the start of training, this one included. */
  step: number;
  /** Mean cross-entropy of the batch. */
  loss: number;
  /** L2 norm of all gradients together. */
  gradientNorm: number;
  /** The lines of its examples in the file that was encoded, ascending. */
  sourceLines: number[];
}

/** How many source lines a message names; the event has all. */
const SHOWN = 10;

/**
 * The error that ends a run at such a step.
 *
 * @param step The step.
 * @param table The file of its examples.
 */
export function notFinite(step: NotFiniteStep, table: string): UserError {
  return new UserError(`Cannot learn from ${describe(step)} of "${table}"`, {
    code: "not-finite",
    exitCode: 1,
    hint: "a lower --lr may help, or --skip-non-finite to leave such steps " +
      "out; --resume goes on from the last checkpoint, if there is one",
    facts: { rows: step.sourceLines },
  });
}

/**
 * The warning for such a step that was left out.
 *
 * @param step The step.
 */
export function skippedStep(step: NotFiniteStep): WarningEvent {
  return {
    event: "warning",
    code: "skipped-step",
    message: `the model is not updated by ${describe(step)}`,
    hint: "",
    rows: step.sourceLines,
  };
}

function describe(
  { step, loss, gradientNorm, sourceLines }: NotFiniteStep,
): string {
  const what = isFinite(loss)
    ? `the gradient's norm is ${gradientNorm}`
    : `the loss is ${loss}`;
  const named = sourceLines.slice(0, SHOWN).join(", ");
  const more = sourceLines.length - SHOWN;
  return `step ${step}: ${what} on rows ${named}` +
    (more > 0 ? ` and ${more} more` : "");
}
