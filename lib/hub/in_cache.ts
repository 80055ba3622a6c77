import { UserError } from "../base/errors.ts";
import {
  isDiskFull,
  isSystemError,
  reasonOf,
  writeCode,
} from "../base/files/system_error.ts";

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
      `Cannot write to the cache "${cache}": ${reasonOf(cause)}`,
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
