import { UserError } from "../errors.ts";

/** Where in a data file something is wrong. */
export interface Place {
  /** The file. */
  path: string;
  /** Line, from 1. */
  row?: number;
  /** Column or field name. */
  column?: string;
}

/**
 * The error for a data file that is not as it should be.
 *
 * @param place File, and line and column if known.
 * @param what What is wrong there.
 * @param options What to do about it, the error underneath.
 */
export function badData(
  place: Place,
  what: string,
  options: { hint?: string; cause?: unknown } = {},
): UserError {
  const { path, row, column } = place;
  const where = [
    `"${path}"`,
    ...(row === undefined ? [] : [`line ${row}`]),
    ...(column === undefined ? [] : [`column "${column}"`]),
  ].join(", ");
  return new UserError(`Cannot read ${where}: ${what}`, {
    code: "bad-data",
    ...options,
  });
}
