/**
 * Archives out of the network: extracted piece by piece, and refused when
 * they would write elsewhere, over each other, or without end.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { createHash } from "node:crypto";
import { UserError } from "../../base/errors.ts";
import { isSystemError, naming } from "../../base/files/system_error.ts";
import { writeAll } from "../../base/files/write_all.ts";
import type { OnProgress } from "../../base/progress.ts";
import { checkSpace } from "../transfer/space.ts";
import {
  type Archive,
  archiveFormatOf,
  type TakeFile,
} from "./archive_format.ts";
import { type ArchiveLimits, ArchiveRules } from "./archive_rules.ts";
import { openTar } from "./tar.ts";
import { openZip } from "./zip.ts";

/** How an archive is extracted. */
export interface ExtractOptions {
  /** What the archive may hold at most. */
  limits?: Partial<ArchiveLimits>;
  /** Is told the bytes written, under the phase `extract NAME`. */
  onProgress?: OnProgress;
  /** What progress calls the archive; its path if absent. */
  name?: string;
  /** Stops the work. */
  signal?: AbortSignal;
}

/** A file that came out of an archive. */
export interface ExtractedFile {
  /** Its path under the directory, with `/`. */
  path: string;
  /** Its size. */
  bytes: number;
  /** Its SHA-256, as lower-case hexadecimal digits. */
  sha256: string;
}

/**
 * Extracts a zip, tar or tar.gz archive. All entries are judged before
 * anything is written; if data turn out bad, what was written so far stays,
 * so extract into a temporary directory. Apple's extra files are left out.
 *
 * @param archive The archive; its content tells its format.
 * @param directory The directory to write into; made if absent, in a folder
 *   that exists.
 * @param options Limits, progress, a signal.
 * @return The files written, in the archive's order.
 * @throws {UserError} `bad-archive`, naming the entry and what is wrong, or
 *   `disk-full`.
 */
export async function extractArchive(
  archive: string,
  directory: string,
  options: ExtractOptions = {},
): Promise<ExtractedFile[]> {
  const { onProgress, name = archive, signal } = options;
  const written: ExtractedFile[] = [];
  let location = "";
  try {
    await using source = await open(archive, options);
    const total = source.files.reduce((sum, { bytes }) => sum + bytes, 0);
    await checkSpace(dirname(directory), total);
    let done = 0;
    const onBytes = (bytes: number) => {
      done += bytes;
      onProgress?.({ phase: `extract ${name}`, done, total, unit: "bytes" });
    };
    await source.extract(async (file, fill) => {
      signal?.throwIfAborted();
      location = `entry "${file.path}": `;
      const sha256 = await write(join(directory, file.path), fill, onBytes);
      written.push({ ...file, sha256 });
    });
    return written;
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof UserError || isSystemError(cause)) throw cause;
    throw new UserError(
      `Cannot extract "${archive}": ${location}${(cause as Error).message}`,
      { code: "bad-archive", hint: "the file is damaged", cause },
    );
  }
}

/** Opens an archive whose entries are all fit, and at least one is a file. */
async function open(
  path: string,
  { limits, signal }: ExtractOptions,
): Promise<Archive> {
  const makeRules = () => new ArchiveRules(path, limits);
  const format = await archiveFormatOf(path);
  if (format === null) {
    makeRules().refuse("it is no zip, tar or tar.gz archive");
  }
  const archive = format === "zip"
    ? await openZip(path, makeRules(), { signal })
    : await openTar(path, makeRules, { gzip: format === "tar.gz", signal });
  if (archive.files.length > 0) return archive;
  await archive[Symbol.asyncDispose]();
  return makeRules().refuse("it holds no files");
}

/** Writes a new file, and the folders it lies in. Returns its SHA-256. */
async function write(
  path: string,
  fill: Parameters<TakeFile>[1],
  onBytes: (bytes: number) => void,
): Promise<string> {
  await Deno.mkdir(dirname(path), { recursive: true });
  using file = await Deno.open(path, { write: true, createNew: true });
  const hash = createHash("sha256");
  // An error thrown into the reader of an archive would come out as another.
  let failure: unknown;
  await fill(async (chunk) => {
    if (failure !== undefined) return;
    try {
      await naming(path, () => writeAll(file, chunk));
    } catch (error) {
      failure = error;
    }
    hash.update(chunk);
    onBytes(chunk.length);
  });
  if (failure !== undefined) throw failure;
  await naming(path, () => file.syncData());
  return hash.digest("hex");
}
