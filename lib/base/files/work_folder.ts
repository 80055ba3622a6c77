/**
 * A folder to make something in before it takes its place: it is beside that
 * place, has one user at a time, and is gone afterwards.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "@std/path";
import { followLinks } from "./links.ts";
import { type LockOptions, withLock } from "./lock.ts";
import { removeIfThere } from "./remove.ts";
import { restoreDirectory } from "./replace_dir.ts";

/**
 * Does some work with an empty folder, while no other process does any for the
 * same target. What a process that was killed has left in it is removed, and a
 * directory that it was replacing is put back. A symbolic link is followed.
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
  const path = await followLinks(resolve(target));
  const folder = join(dirname(path), `.${basename(path)}.tmp`);
  await Deno.mkdir(dirname(path), { recursive: true });
  return await withLock(`${folder}.lock`, async () => {
    await removeIfThere(folder);
    await restoreDirectory(path);
    try {
      await Deno.mkdir(folder);
      return await work(folder);
    } finally {
      await removeIfThere(folder);
    }
  }, options);
}
