/**
 * What is wrong with a data file, and where.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";

/** Where in a data file something is wrong. */
export interface DataLocation {
  /** The file. */
  path: string;
  /** Line, or row where the file has no lines, from 1. */
  sourceLine?: number;
  /** What is counted; lines if absent. */
  unit?: "line" | "row" | undefined;
  /** Column or field name. */
  column?: string | undefined;
}

/**
 * The error for a data file that is not as it should be.
 *
 * @param location File, and line and column if known.
 * @param what What is wrong there.
 * @param options What to do about it, the error underneath.
 */
export function badData(
  location: DataLocation,
  what: string,
  options: { hint?: string | undefined; cause?: unknown } = {},
): UserError {
  const { path, sourceLine, column, unit = "line" } = location;
  const { hint, cause } = options;
  const where = [
    `"${path}"`,
    ...(sourceLine === undefined ? [] : [`${unit} ${sourceLine}`]),
    ...(column === undefined ? [] : [`column "${column}"`]),
  ].join(", ");
  return new UserError(`Cannot read ${where}: ${what}`, {
    code: "bad-data",
    ...(hint !== undefined && { hint }),
    cause,
  });
}

/** A row that is not as it should be; a worker can send it to its owner. */
export interface BadRow {
  /** The line on which the row begins. */
  sourceLine: number;
  /** Column or field name, if one is to blame. */
  column?: string | undefined;
  /** What is wrong. */
  what: string;
  /** What to do about it. */
  hint?: string | undefined;
}

/** Thrown where a row is taken apart, by code that knows no line numbers. */
export class RowError extends Error {
  /** Column or field name, if one is to blame. */
  readonly column: string | undefined;
  /** What to do about it. */
  readonly hint: string | undefined;

  /**
   * Makes an error about one row.
   *
   * @param what What is wrong with it.
   * @param options The column to blame, and what to do about it.
   */
  constructor(
    what: string,
    options: { column?: string | undefined; hint?: string | undefined } = {},
  ) {
    super(what);
    this.column = options.column;
    this.hint = options.hint;
  }

  /** The same as data, with its line. */
  at(sourceLine: number): BadRow {
    return {
      sourceLine,
      column: this.column,
      what: this.message,
      hint: this.hint,
    };
  }
}
