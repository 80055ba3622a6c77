/**
 * A folder to make something in before it takes its place: it is beside that
 * place, has one user at a time, and is gone afterwards.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "@std/path";
import { type LockOptions, withLock } from "./lock.ts";

/**
 * Does some work with an empty folder, while no other process does any for the
 * same target. What a process that was killed has left in it is removed.
 *
 * @param target What is being made; the folder that it is in is made.
 * @param work Gets the folder, `.NAME.tmp` beside the target.
 * @param options About the waiting for another process.
 * @return What the work returns.
 */
export async function withWorkFolder<T>(
  target: string,
  work: (folder: string) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const path = resolve(target);
  const folder = join(dirname(path), `.${basename(path)}.tmp`);
  await Deno.mkdir(dirname(path), { recursive: true });
  return await withLock(`${folder}.lock`, async () => {
    await removeIfThere(folder);
    try {
      await Deno.mkdir(folder);
      return await work(folder);
    } finally {
      await removeIfThere(folder);
    }
  }, options);
}

/**
 * Removes a file or a folder with all that is in it, if there is any.
 *
 * @param path The file or folder to remove.
 */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
