/**
 * Finding what was fetched of a repository: in the cache of this program, or
 * in the one of the hub's own programs, which is only read.
 *
 * @module
 */
import { join } from "@std/path";
import { cachesToRead } from "../../base/cache_places.ts";
import { UserError } from "../../base/errors.ts";
import { isComplete, readStamp } from "../catalogue/unpacked.ts";
import type { ChooseFiles } from "../download_options.ts";
import { hubCaches } from "./environment.ts";
import { commitOf, HUB_FOLDER, snapshotFolder } from "./layout.ts";
import type { RepositoryName } from "./repository_name.ts";

/** A commit of a repository on this machine. */
export interface Snapshot {
  /** The directory of its files. */
  directory: string;
  /** The commit. */
  commit: string;
}

/**
 * Finds a repository on this machine.
 *
 * @param name The repository; without a revision, the branch `main` as it was
 *   when it was last fetched.
 * @param cache The cache of this program.
 * @param choose Which of its files are needed, all of which must be there.
 * @return Null if not all is there.
 */
export async function findSnapshot(
  name: RepositoryName,
  cache: string,
  choose: ChooseFiles,
): Promise<Snapshot | null> {
  for (const root of cachesToRead(cache)) {
    const found = await snapshotIn(join(root, HUB_FOLDER), name);
    if (found !== null && await isFetched(found.directory, name)) return found;
  }
  for (const root of hubCaches()) {
    const found = await snapshotIn(root, name);
    if (found !== null && await hasAll(found.directory, choose)) return found;
  }
  return null;
}

async function snapshotIn(
  root: string,
  name: RepositoryName,
): Promise<Snapshot | null> {
  const commit = await commitOf(root, name);
  if (commit === null) return null;
  return { directory: snapshotFolder(root, name, commit), commit };
}

/**
 * Whether a directory was fetched by this program, and still is whole.
 *
 * @param directory A snapshot's.
 * @param name The repository, with the configuration that is needed.
 */
export async function isFetched(
  directory: string,
  { config }: RepositoryName,
): Promise<boolean> {
  const stamp = await readStamp(directory);
  const configs = stamp?.repository?.configs ?? [];
  return stamp?.repository !== undefined && configs.includes(config ?? "") &&
    await isComplete(directory, stamp);
}

/** Whether another program has fetched all that is needed. */
async function hasAll(
  directory: string,
  choose: ChooseFiles,
): Promise<boolean> {
  const paths = await filesIn(directory);
  if (paths.length === 0) return false;
  try {
    const needed = await choose(
      paths,
      (path) => Deno.readTextFile(join(directory, path)),
    );
    return needed.length > 0;
  } catch (error) {
    // A part of it, as the configuration alone, is not the model.
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** The most folders within each other, as `data/train/`. */
const DEEPEST = 6;

/**
 * The paths of a folder's files, with `/`; links of which nothing is left are
 * none.
 *
 * @param folder The folder; it need not be there.
 */
export async function filesIn(
  folder: string,
  depth = DEEPEST,
): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const path = join(folder, name);
      const info = await Deno.stat(path).catch(() => null);
      if (info?.isFile) paths.push(name);
      if (!info?.isDirectory || depth === 1) continue;
      const below = await filesIn(path, depth - 1);
      paths.push(...below.map((other) => `${name}/${other}`));
    }
  } catch (error) {
    // Neither a cache that isn't there nor one that is another user's is ours.
    const isOthers = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotADirectory ||
      error instanceof Deno.errors.NotCapable;
    if (!isOthers) throw error;
  }
  return paths.sort();
}
