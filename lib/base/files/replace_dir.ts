/**
 * Putting a directory in the place of another, so that a crash leaves the old
 * one or the new one: the old one is moved aside, the new one takes its place,
 * the old one goes. Who is the next to write there makes good what a crash
 * left between these steps.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { syncFolder } from "./files.ts";
import { followLinks } from "./links.ts";
import { removeIfThere } from "./remove.ts";

/** Where the old directory waits. */
function asideOf(place: string): string {
  return join(dirname(place), `.${basename(place)}.old`);
}

/**
 * Moves a directory into the place of another, or of none. A symbolic link is
 * followed.
 *
 * @param made The new directory, on the same disk.
 * @param target The place to move it into.
 * @throws The system's error if that cannot be; the old one is there then.
 */
export async function replaceDirectory(
  made: string,
  target: string,
): Promise<void> {
  const place = await followLinks(target);
  const aside = asideOf(place);
  await removeIfThere(aside);
  const isThere = await renameIfThere(place, aside);
  try {
    await Deno.rename(made, place);
  } catch (error) {
    if (isThere) await Deno.rename(aside, place);
    throw error;
  }
  await syncFolder(dirname(place));
  await removeIfThere(aside);
}

/**
 * Makes good what a process that was killed has left of a
 * {@link replaceDirectory}: puts the old directory back if there is no new one,
 * removes it otherwise. The caller holds the target's lock.
 *
 * @param target The place.
 */
export async function restoreDirectory(target: string): Promise<void> {
  const place = await followLinks(target);
  const aside = asideOf(place);
  if (await isThere(place)) await removeIfThere(aside);
  else await renameIfThere(aside, place);
}

/** Whether an error says that a directory is where a disk is mounted. */
export function isMountPoint(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    (error.code === "EBUSY" || error.code === "EXDEV");
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await Deno.rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
