/**
 * Putting encoded data in the place of older ones.
 *
 * @module
 */
import { join } from "@std/path";
import { syncFolder } from "../../base/files/files.ts";
import { removeIfThere } from "../../base/files/remove.ts";
import {
  isMountPoint,
  replaceDirectory,
} from "../../base/files/replace_dir.ts";
import { MANIFEST } from "./table_manifest.ts";

/**
 * Moves a directory of encoded data into the place of another, or of none.
 *
 * @param directory Written by {@link writeTableDir}, on the same disk.
 * @param target The place to move it into.
 */
export async function moveTableDir(
  directory: string,
  target: string,
): Promise<void> {
  try {
    await replaceDirectory(directory, target);
  } catch (error) {
    if (!isMountPoint(error)) throw error;
    await replaceContents(directory, target);
  }
}

/**
 * Does the same where the place itself cannot be moved, since a disk is mounted
 * there: all is on that disk before the first file takes its place, and the
 * manifest comes last.
 */
async function replaceContents(made: string, target: string): Promise<void> {
  const names = (await namesIn(made)).filter((name) => name !== MANIFEST);
  const old = await namesIn(target);
  const waiting = (name: string) => join(target, `.${name}.new.tmp`);
  const all = [...names, MANIFEST];
  try {
    for (const name of all) {
      await removeIfThere(waiting(name));
      await Deno.copyFile(join(made, name), waiting(name));
      using file = await Deno.open(waiting(name), { write: true });
      await file.sync();
    }
  } catch (error) {
    for (const name of all) await removeIfThere(waiting(name));
    throw error;
  }
  for (const name of all) await Deno.rename(waiting(name), join(target, name));
  await syncFolder(target);
  for (const name of old) {
    if (!all.includes(name)) await removeIfThere(join(target, name));
  }
}

async function namesIn(directory: string): Promise<string[]> {
  return await Array.fromAsync(Deno.readDir(directory), ({ name }) => name);
}
