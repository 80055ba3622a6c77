import { UserError } from "../errors.ts";

/** Whether an error came from the operating system: a full disk, a path. */
export function isSystemError(error: unknown): error is Error {
  return error instanceof Deno.errors.NotCapable ||
    error instanceof Error && "code" in error &&
      typeof error.code === "string" &&
      /^E[A-Z0-9]+$/.test(error.code);
}

/** Whether a disk, a quota or a limit on a file's size has no room left. */
export function isDiskFull(error: unknown): boolean {
  return isSystemError(error) && "code" in error &&
    ["ENOSPC", "EDQUOT", "EFBIG"].includes(String(error.code));
}

/** The code of the error of something that the disk won't have. */
export function writeCode(cause: unknown): "disk-full" | "cannot-write" {
  return isDiskFull(cause) ? "disk-full" : "cannot-write";
}

/** What the system says, without its number of the error. */
export function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/ \(os error \d+\)/, "");
}

/**
 * Does some work in the cache; errors of the disk become messages.
 *
 * @param cache The cache's directory.
 * @param work The work to do.
 * @throws {UserError} `cannot-write`, if the disk won't have it.
 */
export async function inCache<T>(
  cache: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new UserError(
      `Cannot write to the cache "${cache}": ${cause.message}`,
      {
        code: writeCode(cause),
        hint: isDiskFull(cause)
          ? "free some space, or name another place: --cache DIR"
          : "--cache DIR names another place",
        exitCode: 1,
        cause,
      },
    );
  }
}
