import { isDiskFull, toDisk } from "../base/files/system_error.ts";

/**
 * Does some work in the cache; errors of the disk become messages.
 *
 * @param cache The cache's directory.
 * @param work The work to do.
 * @throws {UserError} `disk-full` or `cannot-write`, if the disk won't have it.
 */
export async function inCache<T>(
  cache: string,
  work: () => Promise<T>,
): Promise<T> {
  return await toDisk(
    `write to the cache "${cache}"`,
    work,
    (cause) =>
      isDiskFull(cause)
        ? "free some space, or name another place: --cache DIR"
        : "--cache DIR names another place",
  );
}
