import { UserError } from "../errors.ts";
import { reasonOf } from "./system_error.ts";

/**
 * What is at a path; null if nothing is. Whatever else keeps this program from
 * it, as a missing permission, is an error: that is not the same.
 *
 * @param path The path.
 * @throws {UserError} `cannot-read`, naming the path and why.
 */
export async function infoOf(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return null;
    throw new UserError(`Cannot read "${path}": ${reasonOf(cause, path)}`, {
      code: "cannot-read",
      cause,
    });
  }
}
