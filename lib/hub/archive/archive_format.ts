/**
 * The formats of archives, and what all of them offer.
 *
 * @module
 */
import { createGunzip } from "node:zlib";
import { UserError } from "../../base/errors.ts";
import { checkRegular } from "../../base/files/regular.ts";
import type { AdmittedFile } from "./archive_rules.ts";

/** How an archive is packed. */
export type ArchiveFormat = "zip" | "tar" | "tar.gz";

/** Takes a file out of an archive; `fill` hands over its bytes in pieces. */
export type TakeFile = (
  file: AdmittedFile,
  fill: (write: (chunk: Uint8Array) => Promise<void>) => Promise<void>,
) => Promise<void>;

/** An open archive, all of whose entries were found fit. */
export interface Archive extends AsyncDisposable {
  /** The files to extract, in the archive's order. */
  readonly files: readonly AdmittedFile[];
  /** Reads all files through, one by one. */
  extract(take: TakeFile): Promise<void>;
}

/** A tar archive's block, which its first header fills. */
const BLOCK = 512;

/**
 * The format of an archive, by its first bytes: names may lie.
 *
 * @param path The file.
 * @return Its format; null if it is no archive, as a compressed text is none.
 * @throws {UserError} `missing-input`, if it can't be read.
 */
export async function archiveFormatOf(
  path: string,
): Promise<ArchiveFormat | null> {
  const start = await readStart(path);
  const [first, second] = start;
  // These are the letters "PK".
  if (first === 0x50 && second === 0x4b) return "zip";
  if (isTarHeader(start)) return "tar";
  if (first !== 0x1f || second !== 0x8b) return null;
  return isTarHeader(await inflateStart(start)) ? "tar.gz" : null;
}

/** Whether a block has the mark that tar has had since 1988 (POSIX.1). */
function isTarHeader(block: Uint8Array): boolean {
  return new TextDecoder().decode(block.subarray(257, 262)) === "ustar";
}

async function readStart(path: string): Promise<Uint8Array> {
  try {
    await checkRegular(path);
    using file = await Deno.open(path);
    const buffer = new Uint8Array(64 * BLOCK);
    const read = await file.read(buffer);
    return buffer.subarray(0, read ?? 0);
  } catch (cause) {
    throw new UserError(`Cannot read "${path}": ${(cause as Error).message}`, {
      code: "missing-input",
      cause,
    });
  }
}

/** The first block of what was compressed; less if the start is damaged. */
function inflateStart(start: Uint8Array): Promise<Uint8Array> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  const gunzip = createGunzip();
  const chunks: Uint8Array[] = [];
  gunzip.on("data", (chunk) => chunks.push(chunk));
  const finish = async () =>
    resolve(new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()));
  gunzip.on("error", finish);
  gunzip.on("end", finish);
  gunzip.end(start);
  return promise;
}
