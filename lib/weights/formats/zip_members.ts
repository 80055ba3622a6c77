/**
 * The members of a zip archive that lies in memory, as PyTorch and NumPy write
 * them: stored, or compressed by whoever packed them again.
 *
 * @module
 */
import {
  type FileEntry,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
} from "@zip.js/zip.js";
import { crc32 } from "node:zlib";
import { badWeights } from "./bad_weights.ts";

/** A file in an archive. */
export interface ZipMember {
  /** Its size in bytes. */
  size: number;
  /** Reads it and checks its CRC-32. A stored member views the archive. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/** Several times what a checkpoint of bert.base has, optimizer included. */
const MAX_MEMBERS = 4_000;

/** What compressed members may grow to, together: this many times the file... */
const MAX_GROWTH = 4;

/** ...and so much besides, for small files of zeros. */
const FREE_GROWTH = 32 * 2 ** 20;

const STORED = 0;

/** Whether the bytes begin as a zip archive does, an empty one included. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b &&
    (bytes[2] === 3 && bytes[3] === 4 || bytes[2] === 5 && bytes[3] === 6);
}

/**
 * Lists the members of an archive.
 *
 * @param bytes The whole archive.
 * @param file Its path, for errors.
 * @return The members by name, in the archive's order.
 * @throws UserError `bad-weights` for an archive that is damaged or encrypted,
 *     has a name twice or one that leads out of it, or would grow too much.
 */
export async function listZipMembers(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): Promise<Map<string, ZipMember>> {
  const members = new Map<string, ZipMember>();
  let inflated = 0;
  const entries = await sound(file, () => listEntries(bytes));
  if (entries.length > MAX_MEMBERS) {
    throw badWeights(file, `it has more than ${MAX_MEMBERS} members`);
  }
  for (const entry of entries) {
    if (entry.directory) continue;
    const name = entry.filename;
    if (members.has(name)) {
      throw badWeights(file, `its member "${name}" occurs twice`);
    }
    if (entry.encrypted) {
      throw badWeights(
        file,
        `its member "${name}" is encrypted`,
        "use the file as its program wrote it",
      );
    }
    const size = entry.uncompressedSize;
    if (entry.compressionMethod !== STORED) inflated += size;
    members.set(name, {
      size,
      read: () => sound(file, () => readEntry(entry, bytes)),
    });
  }
  if (inflated > MAX_GROWTH * bytes.length + FREE_GROWTH) {
    throw badWeights(
      file,
      `its members would grow from ${bytes.length} bytes to ${inflated}`,
      "use the file as its program wrote it, not compressed again",
    );
  }
  return members;
}

async function listEntries(bytes: Uint8Array<ArrayBuffer>) {
  const reader = new ZipReader(new Uint8ArrayReader(bytes), {
    strictness: "balanced",
    filenameValidation: "strict",
    checkOverlappingEntry: true,
    checkCrc32: true,
    useWebWorkers: false,
  });
  const entries = [];
  for await (const entry of reader.getEntriesGenerator()) {
    if (entries.push(entry) > MAX_MEMBERS) break;
  }
  return entries;
}

async function readEntry(
  entry: FileEntry,
  archive: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new Uint8ArrayWriter();
  if (entry.compressionMethod !== STORED) return await entry.getData(writer);
  // The local header alone tells where the data begin; this only reads it.
  await entry.getData(writer, { checkOverlappingEntryOnly: true });
  const start = entry.localDirectory!.dataOffset;
  const bytes = archive.subarray(start, start + entry.compressedSize);
  if (bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32) {
    throw new Error(`size or CRC-32 of "${entry.filename}" do not match`);
  }
  return bytes;
}

/** Whatever the zip reader throws is about the archive. */
async function sound<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw badWeights(
      file,
      `it is not a sound zip archive (${(cause as Error).message})`,
    );
  }
}
