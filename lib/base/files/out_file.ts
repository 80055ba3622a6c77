/**
 * Files that a task is going to write when its work is done.
 *
 * @module
 */
import { dirname } from "@std/path";
import { UserError } from "../errors.ts";

/**
 * Refuses a file that cannot be written, before hours of work.
 *
 * @param path The file; nothing is checked if undefined.
 * @param flag The flag that names it, without its dashes.
 * @throws {UserError} `bad-usage` if its folder is not there, or it is a
 * directory.
 */
export async function checkOutFile(
  path: string | undefined,
  flag: string,
): Promise<void> {
  if (path === undefined) return;
  const problem = await isDirectory(path)
    ? "it is a directory"
    : await isDirectory(dirname(path))
    ? undefined
    : `there is no folder "${dirname(path)}"`;
  if (problem === undefined) return;
  throw new UserError(`Cannot write "${path}" (--${flag}): ${problem}`, {
    code: "bad-usage",
    hint: "make the folder, or name another file",
  });
}

async function isDirectory(path: string): Promise<boolean> {
  const info = await Deno.stat(path).catch(() => null);
  return info?.isDirectory ?? false;
}
