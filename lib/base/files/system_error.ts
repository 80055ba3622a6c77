import { UserError } from "../errors.ts";

/** Whether an error came from the operating system: a full disk, a path. */
export function isSystemError(error: unknown): error is Error {
  return error instanceof Deno.errors.NotCapable ||
    error instanceof Error && "code" in error &&
      typeof error.code === "string" &&
      /^E[A-Z0-9]+$/.test(error.code);
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
        code: "cannot-write",
        hint: "--cache DIR names another place",
        exitCode: 1,
        cause,
      },
    );
  }
}
