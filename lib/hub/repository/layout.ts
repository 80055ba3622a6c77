/**
 * Where a repository lies in a cache: as the hub's own programs have it,
 * `models--OWNER--NAME/snapshots/COMMIT`, and in `refs` which commit a branch
 * was when it was fetched.
 *
 * @module
 */
import { join } from "@std/path";
import { COMMIT, type RepositoryName } from "./repository_name.ts";

/** The folder of a cache of this program that has the hub's layout. */
export const HUB_FOLDER = "hub";

/** The branch that is meant where none is named. */
export const MAIN = "main";

/**
 * The folder of a repository.
 *
 * @param root A folder of the hub's layout.
 * @param name The repository.
 */
export function repositoryFolder(
  root: string,
  { kind, id }: RepositoryName,
): string {
  return join(root, [`${kind}s`, ...id.split("/")].join("--"));
}

/** The folder of the files of one commit. */
export function snapshotFolder(
  root: string,
  name: RepositoryName,
  commit: string,
): string {
  return join(repositoryFolder(root, name), "snapshots", commit);
}

/** The file that tells which commit a branch or a tag was. */
export function refFile(root: string, name: RepositoryName): string {
  const { revision = MAIN } = name;
  return join(repositoryFolder(root, name), "refs", ...revision.split("/"));
}

/**
 * The commit that a name stands for.
 *
 * @param root A folder of the hub's layout.
 * @param name The repository.
 * @return The commit; null if its branch was never fetched.
 */
export async function commitOf(
  root: string,
  name: RepositoryName,
): Promise<string | null> {
  if (COMMIT.test(name.revision ?? "")) return name.revision!;
  const text = await Deno.readTextFile(refFile(root, name)).catch(() => "");
  return COMMIT.test(text.trim()) ? text.trim() : null;
}
