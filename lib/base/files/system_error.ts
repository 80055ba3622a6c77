import { isAbsolute } from "@std/path";
import { UserError } from "../errors.ts";

/** Whether an error came from the operating system: a full disk, a path. */
export function isSystemError(error: unknown): error is Error {
  if (error instanceof Deno.errors.NotCapable) return true;
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string") {
    return /^E[A-Z0-9]+$/.test(error.code);
  }
  return numberOf(error) !== undefined;
}

/** The system's number of an error; Deno has no code for each. */
function numberOf(error: Error): number | undefined {
  const number = / \(os error (\d+)\)/.exec(error.message)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Whether a disk, a quota or a limit on a file's size has no room left. */
export function isDiskFull(error: unknown): boolean {
  if (!isSystemError(error)) return false;
  const { code } = error as Error & { code?: string };
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes(code ?? "") ||
    FULL[Deno.build.os]?.includes(numberOf(error) ?? 0) === true;
}

/** EFBIG, ENOSPC and EDQUOT (errno.h). */
const FULL: Partial<Record<typeof Deno.build.os, number[]>> = {
  linux: [27, 28, 122],
  darwin: [27, 28, 69],
};

/** The code of the error of something that the disk won't have. */
export function writeCode(cause: unknown): "disk-full" | "cannot-write" {
  return isDiskFull(cause) ? "disk-full" : "cannot-write";
}

/** What the system says, in words that name the thing that is wrong. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or directory",
  EISDIR: "it is a directory, expected a file",
  ENOTDIR: "a part of the path is a file, expected a directory",
  EEXIST: "a file is in its place",
  EACCES: "permission is denied",
  EPERM: "permission is denied",
};

/**
 * Why something could not be done, without the words of the runtime; where a
 * relative path is missing, with the folder that it was looked for in.
 *
 * @param error What was thrown.
 * @param path The path that it is about.
 * @param directory Where a relative one starts; the process's own if absent.
 *
 * @example
 * ```ts
 * import { reasonOf } from "./system_error.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const error = await Deno.readFile("/no/such/file").catch((error) => error);
 * assertEquals(
 *   reasonOf(error, "/no/such/file"),
 *   "there is no such file or directory",
 * );
 * ```
 */
export function reasonOf(
  error: unknown,
  path?: string,
  directory?: string,
): string {
  const { message, code } = error as Error & { code?: string };
  if (error instanceof Deno.errors.NotCapable) return forbidden(error);
  if (!isSystemError(error)) return message;
  // Deno adds its own function and all paths: `: open '/tmp/x'`.
  const said = message.replace(/ \(os error \d+\).*$/s, "");
  return (REASONS[code ?? ""] ?? said) +
    (code === "ENOENT" ? lookedIn(path, directory) : "");
}

/** Deno's own words name its flags, which a task's user does not give. */
function forbidden({ message }: Error): string {
  return message.startsWith("Requires all access")
    ? "it is one of the system's own files, which Deno keeps programs from"
    : "this program has no permission of Deno for it";
}

/**
 * The path that Deno's message says a program has no permission for.
 *
 * @param error What was thrown.
 * @return The path; null if it is another error, or names none.
 */
export function forbiddenPath(error: unknown): string | null {
  if (!(error instanceof Deno.errors.NotCapable)) return null;
  return /access to "(.+)", run again/s.exec(error.message)?.[1] ?? null;
}

/**
 * The end of a sentence about a path that is missing: the folder in which a
 * relative one was looked for; empty for others.
 *
 * @param path The path.
 * @param directory Where a relative one starts; the process's own if absent.
 */
export function lookedIn(
  path: string | undefined,
  directory: string = Deno.cwd(),
): string {
  return path === undefined || isAbsolute(path) ? "" : ` in "${directory}"`;
}

/**
 * Writes to an open file; the system's errors, which do not say to which, are
 * given its name.
 *
 * @param path The file.
 * @param work Writes to it.
 * @return What the work returns.
 */
export async function naming<T>(
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isSystemError(error) && !error.message.includes(path)) {
      error.message += `: write '${path}'`;
    }
    throw error;
  }
}

/**
 * Does some work that writes; errors of the disk become messages.
 *
 * @param what The work in words, as `write the run "x"`.
 * @param work The work to do.
 * @param hint What to do about a disk that won't have it, by its error.
 * @throws {UserError} `disk-full` or `cannot-write`, if it won't.
 */
export async function toDisk<T>(
  what: string,
  work: () => Promise<T>,
  hint: (cause: Error) => string = () => "",
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new UserError(`Cannot ${what}: ${reasonOf(cause)}`, {
      code: writeCode(cause),
      hint: hint(cause),
      exitCode: 1,
      cause,
    });
  }
}
