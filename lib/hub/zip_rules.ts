/**
 * Which zip archives are extracted at all. What is refused and why follows
 * the known attacks: names that leave the directory ("Zip Slip"), links,
 * entries that overwrite each other, and bombs.
 *
 * @module
 */
import type { Entry, FileEntry } from "@zip.js/zip.js";
import { UserError } from "../errors.ts";

/** What an archive may hold at most. */
export interface ZipLimits {
  /** Entries, directories included. */
  entries: number;
  /** Bytes of all files together, as extracted. */
  bytes: number;
  /** Extracted over compressed bytes, for a file above 1 MiB. */
  ratio: number;
}

/** Several times what any model or data set here needs. */
export const defaultLimits: ZipLimits = {
  entries: 10_000,
  bytes: 16 * 2 ** 30,
  ratio: 200,
};

/** Below this even zeros are no bomb, and text may repeat itself. */
const SMALL = 2 ** 20;

/**
 * Checks the names and declared sizes of all entries.
 *
 * @param archive The archive's path, for messages.
 * @param entries All entries.
 * @param limits What they may amount to.
 * @return The files to extract: no directories, none of Apple's extra files.
 * @throws {UserError} `bad-archive`, naming the first entry that is refused.
 */
export function checkEntries(
  archive: string,
  entries: readonly Entry[],
  limits: ZipLimits,
): FileEntry[] {
  const refuse = (reason: string): never => {
    throw new UserError(`Cannot extract "${archive}": ${reason}`, {
      code: "bad-archive",
      hint: "nothing of it was extracted",
    });
  };
  if (entries.length > limits.entries) {
    refuse(`${entries.length} entries, expected at most ${limits.entries}`);
  }
  let bytes = 0;
  const paths = new Map<string, string>();
  const files: FileEntry[] = [];
  for (const entry of entries) {
    if (isLitter(entry.filename)) continue;
    const fault = faultOf(entry, limits) ?? collision(paths, entry);
    if (fault) refuse(`entry ${JSON.stringify(entry.filename)} ${fault}`);
    if (entry.directory) continue;
    bytes += entry.uncompressedSize;
    files.push(entry);
  }
  if (files.length === 0) refuse("it holds no files");
  if (bytes > limits.bytes) {
    refuse(`${bytes} bytes extracted, expected at most ${limits.bytes}`);
  }
  return files;
}

/** Whether a file is one of those that macOS adds to archives. */
function isLitter(name: string): boolean {
  return name.startsWith("__MACOSX/") || /(^|\/)(\._[^/]*|Icon\r)$/.test(name);
}

function faultOf(entry: Entry, limits: ZipLimits): string | undefined {
  const { filename, uncompressedSize, compressedSize } = entry;
  const path = entry.directory ? filename.replace(/\/$/, "") : filename;
  if (/^[/\\]/.test(path)) return "has an absolute name";
  if (/^[A-Za-z]:/.test(path)) return "names a drive";
  if (path.includes("\\")) return "has a backslash in its name";
  const segments = path.split("/");
  if (segments.includes("..")) return "leads out of the directory";
  if (segments.includes("") || segments.includes(".")) {
    return "has an empty part in its name";
  }
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f:]/.test(path)) return "has a forbidden character";
  // The upper half of the attributes is the Unix mode, its top the file type:
  // 4 is a directory, 8 a file, 0 not told.
  const type = entry.externalFileAttributes >>> 28;
  if (![0, 4, 8].includes(type)) return "is a link or a device";
  if (entry.encrypted) return "is encrypted";
  const ratio = uncompressedSize / Math.max(1, compressedSize);
  if (uncompressedSize > SMALL && ratio > limits.ratio) {
    return `would grow ${Math.round(ratio)} times, ` +
      `expected at most ${limits.ratio}`;
  }
  return undefined;
}

/**
 * Adds an entry's path to those seen, compared as a file system that ignores
 * case and Unicode forms would, together with the folders it lies in.
 */
function collision(
  paths: Map<string, string>,
  entry: Entry,
): string | undefined {
  const segments = entry.filename.replace(/\/$/, "").split("/");
  for (let length = 1; length <= segments.length; length++) {
    const path = segments.slice(0, length).join("/");
    const key = path.normalize("NFC").toLowerCase();
    const isFile = length === segments.length && !entry.directory;
    const known = paths.get(key);
    const now = isFile ? "file" : `folder ${path}`;
    if (known !== undefined && (isFile || known !== now)) {
      return "has the name of another entry";
    }
    paths.set(key, now);
  }
  return undefined;
}
