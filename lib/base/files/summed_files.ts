/**
 * A directory of files with their digests in `SHA256SUMS`, as coreutils'
 * `sha256sum` writes and checks them: a line `DIGEST  NAME` each.
 *
 * @module
 */
import { join } from "@std/path";
import { createHash } from "node:crypto";
import { type FileSections, syncFolder, writeSynced } from "./files.ts";

const SUMS = "SHA256SUMS";

/**
 * Writes files and their digests, and waits until all are on disk.
 *
 * @param directory An empty directory.
 * @param files The files' contents by name.
 */
export async function writeSummed(
  directory: string,
  files: Record<string, FileSections>,
): Promise<void> {
  const lines: string[] = [];
  for (const [name, sections] of Object.entries(files)) {
    await writeSynced(join(directory, name), sections);
    lines.push(`${sha256(sections)}  ${name}\n`);
  }
  const sums = new TextEncoder().encode(lines.join(""));
  await writeSynced(join(directory, SUMS), [sums]);
  await syncFolder(directory);
}

/**
 * Reads files, and checks each against its digest.
 *
 * @param directory Written by {@link writeSummed}.
 * @param names Which files.
 * @return Their contents by name.
 * @throws {Error} Naming the file that is missing or not as it was written.
 */
export async function readSummed<Name extends string>(
  directory: string,
  names: readonly Name[],
): Promise<Record<Name, Uint8Array<ArrayBuffer>>> {
  const text = await Deno.readTextFile(join(directory, SUMS));
  const digests = new Map(
    text.split("\n").map((line) => line.split("  ").toReversed())
      .map(([name, digest]) => [name, digest]),
  );
  const files = {} as Record<Name, Uint8Array<ArrayBuffer>>;
  for (const name of names) {
    files[name] = await Deno.readFile(join(directory, name));
    const [found, expected] = [sha256([files[name]]), digests.get(name)];
    if (found === expected) continue;
    throw new Error(
      `${name} has SHA-256 ${found}, ` +
        (expected ? `expected ${expected}` : `${SUMS} has none for it`),
    );
  }
  return files;
}

function sha256(sections: FileSections): string {
  const hash = createHash("sha256");
  for (const section of sections) hash.update(section);
  return hash.digest("hex");
}
