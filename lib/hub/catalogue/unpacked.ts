/**
 * Extracted archives in the cache. Each directory holds a stamp that tells
 * which archive it came from and what belongs into it, so that one that was
 * left half-made, or half-deleted, is noticed.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { replaceFile } from "../../base/files/files.ts";
import { whereFree } from "../../base/files/lock.ts";
import { readRegularText } from "../../base/files/regular.ts";
import { removeIfThere } from "../../base/files/remove.ts";
import {
  replaceDirectory,
  restoreDirectory,
} from "../../base/files/replace_dir.ts";
import { isSystemError } from "../../base/files/system_error.ts";
import {
  extractArchive,
  type ExtractedFile,
  type ExtractOptions,
} from "../archive/archive.ts";
import {
  ARCHIVES,
  type CatalogueEntry,
  catalogueEntrySchema,
  downloadCommand,
} from "./catalogue.ts";

/** The stamp's file name. */
export const STAMP = ".premise.json";

/** What a file in the cache must be. */
export interface StampedFile {
  /** Its size. */
  bytes: number;
  /** Its SHA-256, as lower-case hexadecimal digits. */
  sha256: string;
}

/** The repository of the Hugging Face hub that files came from. */
export interface StampedRepository {
  /** What it is used as. */
  kind: "model" | "dataset";
  /** Its name with the commit, as `hf:OWNER/NAME@COMMIT`. */
  name: string;
  /** The terms that its card names; null if it names none. */
  licence: string | null;
  /**
   * The configurations of a data set whose files are there; that which needs no
   * name is the empty one.
   */
  configs: readonly string[];
}

/** What a directory in the cache was extracted from. */
export interface Stamp {
  /**
   * The archive's SHA-1, or its SHA-256 where the catalogue has no other; of a
   * repository the commit.
   */
  digest: string;
  /** The catalogue entry it was downloaded by; null for a user's own zip. */
  entry: CatalogueEntry | null;
  /** Every file, by its path in the directory. */
  files: Record<string, StampedFile>;
  /** The repository that the files are of, if they are no archive's. */
  repository?: StampedRepository | undefined;
}

const stampSchema: z.ZodType<Stamp> = z.strictObject({
  digest: z.string(),
  entry: catalogueEntrySchema.nullable(),
  files: z.record(
    z.string(),
    z.strictObject({ bytes: z.number(), sha256: z.string() }),
  ),
  repository: z.strictObject({
    kind: z.enum(["model", "dataset"]),
    name: z.string(),
    licence: z.string().nullable(),
    configs: z.array(z.string()),
  }).optional(),
});

/** Reads a directory's stamp; null if it has none that can be read. */
export async function readStamp(directory: string): Promise<Stamp | null> {
  try {
    const text = await readRegularText(join(directory, STAMP));
    return stampSchema.parse(JSON.parse(text));
  } catch {
    // It is absent, cut short or of another version, so all is extracted again.
    return null;
  }
}

/** Writes or replaces a directory's stamp. */
export async function writeStamp(
  directory: string,
  stamp: Stamp,
): Promise<void> {
  const text = JSON.stringify(stamp, null, 2) + "\n";
  await replaceFile(join(directory, STAMP), text);
}

/** Whether every file that the stamp names is there, in its size. */
export async function isComplete(
  directory: string,
  stamp: Stamp,
): Promise<boolean> {
  for (const [path, { bytes }] of Object.entries(stamp.files)) {
    const info = await Deno.stat(join(directory, path)).catch(() => null);
    if (!info?.isFile || info.size !== bytes) return false;
  }
  return true;
}

/** What brings a directory's files back once it is removed. */
export function renewalOf({ entry, repository }: Stamp): string {
  if (repository !== undefined) {
    const { kind, name, configs: [config] } = repository;
    return downloadCommand(kind, config ? `${name}/${config}` : name);
  }
  return entry === null
    ? "use its archive again"
    : downloadCommand(entry.kind, entry.name);
}

/** What is extracted, and how. */
export interface UnpackOptions extends ExtractOptions {
  /** What the stamp tells, apart from the files. */
  stamp: Omit<Stamp, "files">;
}

/**
 * Extracts an archive into a stamped directory, which appears whole or not at
 * all and takes an older one's place. A single folder at the archive's top is
 * left out: `bert.small/vocab.json` becomes `vocab.json`.
 *
 * The caller holds a lock for this directory.
 *
 * @param archive The zip, tar or tar.gz file.
 * @param directory The directory to make.
 * @param options The stamp, and how to extract.
 * @throws {UserError} `bad-archive`.
 */
export async function unpack(
  archive: string,
  directory: string,
  { stamp, ...options }: UnpackOptions,
): Promise<void> {
  const temporary = temporaryOf(directory);
  await dropUnfinished(directory);
  try {
    const files = await extractArchive(archive, temporary, options);
    const top = topFolder(files);
    const root = join(temporary, top);
    const whole: Stamp = {
      ...stamp,
      files: Object.fromEntries(
        // A directory of the cache that was zipped again has a stamp already.
        files.map(({ path, ...file }) => [path.slice(top.length), file])
          .filter(([path]) => path !== STAMP),
      ),
    };
    await writeStamp(root, whole);
    await replaceDirectory(root, directory);
  } finally {
    await removeIfThere(temporary);
  }
}

/**
 * Removes what a killed process left of an extraction, and puts back what it
 * was replacing. The caller holds a lock for this directory.
 */
export async function dropUnfinished(directory: string): Promise<void> {
  await removeIfThere(temporaryOf(directory));
  await restoreDirectory(directory);
}

/**
 * Does the same for all of a cache's directories that nobody is at.
 *
 * @param cache The cache's directory.
 */
export async function sweepCache(cache: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(cache)) {
    const [, extracted, replaced] = UNFINISHED.exec(name) ?? [];
    const entry = extracted ?? replaced;
    if (!isDirectory || entry === undefined) continue;
    const directory = join(cache, entry);
    await whereFree(`${directory}.lock`, () => dropUnfinished(directory));
  }
  for (const folder of [cache, join(cache, ARCHIVES)]) {
    await sweepLocks(folder).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

/** Whoever takes the lock of a process that was killed removes it. */
async function sweepLocks(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".lock")) continue;
    await whereFree(join(folder, name), () => Promise.resolve());
  }
}

/**
 * Does the same for a cache in which all is there, and which nobody may need to
 * write to.
 *
 * @param cache The cache's directory.
 */
export async function trySweepCache(cache: string): Promise<void> {
  await sweepCache(cache).catch((error) => {
    if (!isSystemError(error)) throw error;
  });
}

/** Directories that are being extracted, and those that wait to be replaced. */
const UNFINISHED = /^(?:(.+)\.tmp|\.(.+)\.old)$/;

function temporaryOf(directory: string): string {
  return `${directory}.tmp`;
}

/** The folder that all files lie in, as `bert.small/`; empty if none. */
function topFolder(files: readonly ExtractedFile[]): string {
  const top = files[0]?.path.match(/^[^/]+\//)?.[0] ?? "";
  return files.every(({ path }) => path.startsWith(top)) ? top : "";
}
