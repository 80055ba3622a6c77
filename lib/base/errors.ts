/**
 * What goes wrong for a reason that the user can mend. Anything else that is
 * thrown is a defect of this program and keeps its stack trace.
 *
 * @module
 */

/** How a {@link UserError} ends the process, and what helps. */
export interface UserErrorOptions {
  /** A short, stable name for programs, in kebab-case. */
  code: string;
  /** What to do about it, as a sentence without a full stop. */
  hint?: string;
  /** More for programs, as `{ rows: [3, 9] }`: fields of the `error` event. */
  facts?: Record<string, unknown>;
  /** 2 for bad usage, config or input (the default), 1 for work that failed. */
  exitCode?: 1 | 2;
  /** The error underneath, if any. */
  cause?: unknown;
}

/**
 * An error whose message is meant for the user: it names the thing, the value
 * found and what was expected, in one sentence without a full stop.
 *
 * @example
 * ```ts
 * import { UserError } from "./errors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new UserError(
 *   'Cannot read "a.params": it ends after 12 bytes, expected at least 24',
 *   { code: "bad-weights", hint: "download the file again" },
 * );
 * assertEquals(error.exitCode, 2);
 * ```
 */
export class UserError extends Error {
  /** What this kind of error is called. */
  override readonly name = "UserError";
  /** A short, stable name for programs, in kebab-case. */
  readonly code: string;
  /** What to do about it; empty if the message says it all. */
  readonly hint: string;
  /** More for programs: fields of the `error` event. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** The process's exit code: 2 for bad usage or input, 1 for failed work. */
  readonly exitCode: 1 | 2;

  /**
   * Makes an error for the user.
   *
   * @param message What is wrong, as a sentence without a full stop.
   * @param options Its code, the hint, the exit code, the cause.
   */
  constructor(message: string, options: UserErrorOptions) {
    super(
      message,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.code = options.code;
    this.hint = options.hint ?? "";
    this.facts = options.facts ?? {};
    this.exitCode = options.exitCode ?? 2;
  }
}

/**
 * Many problems found at once: one sentence a problem, told together.
 *
 * @param subject What they are about, as `Cannot load weights "x"`.
 * @param problems One sentence a problem; at least one.
 * @param options As for a {@link UserError}.
 * @return One error that lists them all.
 */
export function listProblems(
  subject: string,
  problems: readonly string[],
  options: UserErrorOptions,
): UserError {
  const text = problems.length === 1
    ? `${subject}: ${problems[0]}`
    : `${subject}: ${problems.length} problems:\n` +
      problems.map((problem) => `  - ${problem}`).join("\n");
  return new UserError(text, options);
}
