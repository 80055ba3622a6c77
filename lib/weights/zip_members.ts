/**
 * The members of a zip archive that lies in memory, as PyTorch and NumPy write
 * them: stored, never compressed.
 *
 * @module
 */
import {
  type FileEntry,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
} from "@zip.js/zip.js";
import { badWeights } from "./bad_weights.ts";

/** A file in an archive. */
export interface ZipMember {
  /** Its size in bytes. */
  size: number;
  /** Reads it and checks its CRC-32. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/** Whether the bytes begin as a zip archive does, an empty one included. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b &&
    (bytes[2] === 3 && bytes[3] === 4 || bytes[2] === 5 && bytes[3] === 6);
}

/**
 * Lists the members of an archive.
 *
 * Stored members cannot be larger than the archive itself, so none can fill
 * the memory.
 *
 * @param bytes The whole archive.
 * @param file Its path, for errors.
 * @return The members by name, in the archive's order.
 * @throws UserError `bad-weights` for an archive that is damaged or encrypted,
 *     has a name twice or one that leads out of it, or compressed members.
 */
export async function listZipMembers(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): Promise<Map<string, ZipMember>> {
  const reader = new ZipReader(new Uint8ArrayReader(bytes), {
    strictness: "balanced",
    filenameValidation: "strict",
    checkOverlappingEntry: true,
    checkCrc32: true,
    useWebWorkers: false,
  });
  const entries = await sound(file, () => reader.getEntries());
  const members = new Map<string, ZipMember>();
  for (const entry of entries) {
    if (entry.directory) continue;
    const name = entry.filename;
    if (members.has(name)) {
      throw badWeights(file, `its member "${name}" occurs twice`);
    }
    if (entry.encrypted || entry.compressionMethod !== 0) {
      throw badWeights(
        file,
        `its member "${name}" is ${
          entry.encrypted ? "encrypted" : "compressed"
        }, expected it to be stored as it is`,
        "use the file as its program wrote it, not packed again",
      );
    }
    members.set(name, {
      size: entry.uncompressedSize,
      read: () => sound(file, () => readEntry(entry)),
    });
  }
  return members;
}

function readEntry(entry: FileEntry): Promise<Uint8Array<ArrayBuffer>> {
  return entry.getData(new Uint8ArrayWriter());
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
