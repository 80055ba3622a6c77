/**
 * A directory of files with their digests in `SHA256SUMS`, as coreutils'
 * `sha256sum` writes and checks them: a line `DIGEST  NAME` each.
 *
 * @module
 */
import { join } from "@std/path";
import { createHash } from "node:crypto";
import {
  type FileSections,
  replaceFile,
  syncFolder,
  writeSynced,
} from "./files.ts";
import { readRegular, readRegularText } from "./regular.ts";

/** The file of the digests. */
export const SUMS = "SHA256SUMS";

/** By a file's name, the SHA-256 of each content that it may have. */
export type Sums = Map<string, string[]>;

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
  const sums: Sums = new Map();
  for (const [name, sections] of Object.entries(files)) {
    await writeSynced(join(directory, name), sections);
    sums.set(name, [sha256(sections)]);
  }
  await writeSynced(join(directory, SUMS), [encodeSums(sums)]);
  await syncFolder(directory);
}

/**
 * Replaces files one after the other, each in one step. At every moment each
 * file has a digest that is listed: while files are replaced, those that come
 * and those that go are.
 *
 * @param directory The directory; what else it lists stays.
 * @param files The files' new contents by name.
 */
export async function replaceSummed(
  directory: string,
  files: Record<string, FileSections>,
): Promise<void> {
  const sums: Sums = await readSums(directory) ?? new Map();
  const added = Object.entries(files)
    .map(([name, sections]) => [name, sha256(sections)] as const);
  for (const [name, digest] of added) {
    const old = sums.get(name) ?? [];
    sums.set(name, [...old.filter((other) => other !== digest), digest]);
  }
  await replaceFile(join(directory, SUMS), [encodeSums(sums)]);
  for (const [name, sections] of Object.entries(files)) {
    await replaceFile(join(directory, name), sections);
  }
  for (const [name, digest] of added) sums.set(name, [digest]);
  await replaceFile(join(directory, SUMS), [encodeSums(sums)]);
}

/**
 * Reads the digests of a directory's files.
 *
 * @param directory The directory.
 * @return The digests; null if it lists none. Lines that are no digest's are
 * left out.
 */
export async function readSums(directory: string): Promise<Sums | null> {
  let text: string;
  try {
    text = await readRegularText(join(directory, SUMS));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const sums: Sums = new Map();
  for (const line of text.split("\n")) {
    const [, digest, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (name) sums.set(name, [...sums.get(name) ?? [], digest]);
  }
  return sums;
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
  const sums = await readSums(directory);
  if (sums === null) throw new Error(`${SUMS} is missing`);
  const files = {} as Record<Name, Uint8Array<ArrayBuffer>>;
  for (const name of names) {
    files[name] = await readRegular(join(directory, name));
    const found = sha256([files[name]]);
    const expected = sums.get(name) ?? [];
    if (expected.includes(found)) continue;
    throw new Error(
      `${name} has SHA-256 ${found}, ` +
        (expected.length > 0
          ? `expected ${expected.join(" or ")}`
          : `${SUMS} has none for it`),
    );
  }
  return files;
}

/** The SHA-256 of a content, as lower-case hexadecimal digits. */
export function sha256(sections: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const section of sections) hash.update(section);
  return hash.digest("hex");
}

/** The content of `SHA256SUMS`. */
export function encodeSums(sums: Sums): Uint8Array<ArrayBuffer> {
  const lines = [...sums].flatMap(([name, digests]) =>
    digests.map((digest) => `${digest}  ${name}\n`)
  );
  return new TextEncoder().encode(lines.join(""));
}
