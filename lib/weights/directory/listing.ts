/**
 * What lies in a directory, symbolic links followed.
 *
 * @module
 */
import { join } from "@std/path";
import { reasonOf } from "../../base/files/system_error.ts";
import { badModel } from "./bad_model.ts";

/** The names in a directory, by what they are. */
export interface Listing {
  /** The directory. */
  directory: string;
  /** Files, and whatever else is no directory. */
  files: ReadonlySet<string>;
  /** Directories. */
  folders: ReadonlySet<string>;
  /** Symbolic links to nothing, with what they point to. */
  broken: ReadonlyMap<string, string>;
}

/**
 * Lists a directory.
 *
 * @param directory The directory.
 * @throws UserError `bad-model` if it cannot be read.
 */
export async function listDirectory(directory: string): Promise<Listing> {
  const files = new Set<string>();
  const folders = new Set<string>();
  const broken = new Map<string, string>();
  try {
    for await (const { name, ...entry } of Deno.readDir(directory)) {
      const path = join(directory, name);
      const target = entry.isSymlink ? await followed(path) : entry;
      if (target === null) broken.set(name, await Deno.readLink(path));
      else (target.isDirectory ? folders : files).add(name);
    }
  } catch (cause) {
    throw badModel(directory, reasonOf(cause, directory));
  }
  return { directory, files, folders, broken };
}

async function followed(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
