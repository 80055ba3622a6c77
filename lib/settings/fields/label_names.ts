/**
 * Labels given by name.
 *
 * @module
 */
import { z } from "zod";

/** Labels given by name, as `entailment,contradiction,neutral`. */
export const labelNames = z.array(z.string().min(1)).min(2);

/** What stands for the names that the data have. */
const AUTO = "auto";

/** Labels given by name, or `auto` for the names that the data have. */
export const labelNamesOrAuto = z.array(z.string().min(1)).min(1).refine(
  (names) => names.length > 1 || names[0] === AUTO,
  `expected two names at least, or ${AUTO}`,
).meta({ anyOf: [{ minItems: 2 }, { items: { const: AUTO }, maxItems: 1 }] });

/**
 * The names that a user gives.
 *
 * @param labels As of {@link labelNamesOrAuto}.
 * @return None if they are to be taken from the data.
 */
export function namesGiven(
  labels: string[] | undefined,
): string[] | undefined {
  return isAuto(labels) ? undefined : labels;
}

/** Whether the names are to be taken from the data. */
export function isAuto(labels: readonly string[] | undefined): boolean {
  return labels?.length === 1 && labels[0] === AUTO;
}
