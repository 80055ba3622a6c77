/**
 * What a directory holds already that tables are to be written to.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { STANDARD_INPUT_NAME } from "../sources/data_spec.ts";
import { readTableDir } from "../table/table_dir.ts";
import type { TableManifest } from "../table/table_manifest.ts";

/**
 * What a directory holds, if that is of the same fingerprint and undamaged.
 *
 * @param directory The directory.
 * @param fingerprint Of the tables that are to be there.
 * @return What they say of themselves; null if they must be made.
 */
export async function findSame(
  directory: string,
  fingerprint: string,
): Promise<TableManifest | null> {
  try {
    const { manifest, open } = await readTableDir(directory);
    if (manifest.fingerprint !== fingerprint) return null;
    // Earlier programs kept none, and what was lost is told each time.
    if (Object.values(manifest.splits).some((s) => !s.figures)) return null;
    for (const split of Object.keys(manifest.splits)) await open(split);
    return manifest;
  } catch (error) {
    if (error instanceof UserError && error.code === "bad-table") return null;
    throw error;
  }
}

/**
 * Keeps what was made of other files: nobody may have meant this directory.
 *
 * @param directory A directory of encoded data.
 * @param sources The files that the new tables are made of.
 * @throws {UserError} `table-exists` if it holds those of others.
 */
export async function refuseOtherSources(
  directory: string,
  sources: readonly string[],
): Promise<void> {
  let old: string[] | undefined;
  try {
    old = (await readTableDir(directory)).manifest.sources;
  } catch (error) {
    // What is damaged is of no use to anybody.
    if (error instanceof UserError && error.code === "bad-table") return;
    throw error;
  }
  const same = old?.join("\n") === sources.join("\n");
  if (same && !sources.includes(STANDARD_INPUT_NAME)) return;
  throw new UserError(
    `Cannot write encoded data to "${directory}": it holds those of ${
      old ? showFiles(old) : "other data or of an earlier version"
    }, expected those of ${showFiles(sources)} or none`,
    {
      code: "table-exists",
      hint: "--out names another directory, --overwrite replaces it",
    },
  );
}

function showFiles(files: readonly string[]): string {
  const [first, ...more] = files;
  return `"${first}"` + (more.length > 0 ? ` and ${more.length} more` : "");
}
