/**
 * Which archives are extracted at all. What is refused and why follows the
 * known attacks: names that leave the directory ("Zip Slip"), links, entries
 * that overwrite each other, and bombs. An archive within an archive is a file
 * like any other: it is never opened.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { faultOfPath } from "./entry_path.ts";

/** What an archive may hold at most. */
export interface ArchiveLimits {
  /** Entries, directories included. */
  entries: number;
  /** Bytes of all files together, as extracted. */
  bytes: number;
  /** Extracted over compressed bytes, above 1 MiB. */
  ratio: number;
  /** Folders within folders. */
  depth: number;
}

/** Several times what any model or data set here needs. */
export const defaultLimits: ArchiveLimits = {
  // Each takes some 10 kB while the archive is open.
  entries: 5_000,
  bytes: 16 * 2 ** 30,
  ratio: 200,
  depth: 32,
};

/** What an archive of any format says of an entry. */
export interface ArchiveEntry {
  /** Its name as it stands in the archive, with `/`. */
  name: string;
  /** `other` is all that is not plain: links, devices, sparse files. */
  kind: "file" | "directory" | "other";
  /** Its size as extracted. */
  bytes: number;
  /** Its size in the archive; null if it is not compressed by itself. */
  compressed: number | null;
  /** Whether a password is needed. */
  encrypted: boolean;
}

/** A file that may be extracted. */
export interface AdmittedFile {
  /** Where it goes under the directory, with `/`. */
  path: string;
  /** Its size, as the archive says. */
  bytes: number;
}

/** Below this even zeros are no bomb, and text may repeat itself. */
const SMALL = 2 ** 20;

/** Judges an archive's entries one by one, before any is extracted. */
export class ArchiveRules {
  readonly #archive: string;
  readonly #limits: ArchiveLimits;
  readonly #seen = new Map<string, string>();
  #entries = 0;
  #bytes = 0;

  /**
   * Starts with no entry seen.
   *
   * @param archive The archive's path, for messages.
   * @param limits The most that it may hold; the defaults where they are silent.
   */
  constructor(archive: string, limits: Partial<ArchiveLimits> = {}) {
    this.#archive = archive;
    this.#limits = { ...defaultLimits, ...limits };
  }

  /**
   * Judges the next entry.
   *
   * @return Where it goes; null for directories, which follow from the files
   *   in them, and for the files that macOS adds.
   * @throws {UserError} `bad-archive`, naming the entry that is refused.
   */
  admit(entry: ArchiveEntry): AdmittedFile | null {
    const { entries, bytes } = this.#limits;
    if (++this.#entries > entries) {
      this.refuse(`it has more entries than the ${entries} allowed`);
    }
    // `tar c .` names all entries so, and the directory itself.
    const name = entry.name.replace(/^(\.\/+)+/, "");
    if (name === "" && entry.kind === "directory") return null;
    if (isLitter(name)) return null;
    const path = entry.kind === "directory" ? name.replace(/\/$/, "") : name;
    const fault = faultOfPath(path, this.#limits.depth) ??
      faultOf(entry, this.#limits) ?? this.#collision(path, entry);
    if (fault) {
      this.refuse(
        `entry ${JSON.stringify(entry.name)} ${fault}`,
        entry.kind === "other"
          ? "pack it again with links followed, as tar -h and zip do"
          : undefined,
      );
    }
    if (entry.kind === "directory") return null;
    this.#bytes += entry.bytes;
    if (this.#bytes > bytes) {
      this.refuse(
        `${this.#bytes} bytes extracted or more, expected at most ${bytes}`,
      );
    }
    return { path, bytes: entry.bytes };
  }

  /**
   * Judges how far an archive that is compressed as a whole has grown.
   *
   * @param compressed Its size.
   * @param extracted Bytes that came out of it so far.
   * @throws {UserError} `bad-archive`.
   */
  admitGrowth(compressed: number, extracted: number): void {
    const fault = faultOfGrowth(compressed, extracted, this.#limits.ratio);
    if (fault) this.refuse(`it ${fault}`);
  }

  /** Throws the error that refuses the archive. */
  refuse(reason: string, hint = "nothing of it was extracted"): never {
    throw new UserError(`Cannot extract "${this.#archive}": ${reason}`, {
      code: "bad-archive",
      hint,
    });
  }

  /**
   * Adds an entry's path to those seen, compared as a file system that ignores
   * case and Unicode forms would, together with the folders it lies in.
   */
  #collision(path: string, { kind }: ArchiveEntry): string | undefined {
    const segments = path.split("/");
    for (let length = 1; length <= segments.length; length++) {
      const prefix = segments.slice(0, length).join("/");
      const key = prefix.normalize("NFC").toLowerCase();
      const isFile = length === segments.length && kind === "file";
      const earlier = this.#seen.get(key);
      const now = isFile ? "file" : `folder ${prefix}`;
      if (earlier !== undefined && (isFile || earlier !== now)) {
        return "has the name of another entry";
      }
      this.#seen.set(key, now);
    }
    return undefined;
  }
}

/** Whether a file is one of those that macOS adds to archives. */
function isLitter(name: string): boolean {
  return name.startsWith("__MACOSX/") || /(^|\/)(\._[^/]*|Icon\r)$/.test(name);
}

function faultOf(
  { kind, bytes, compressed, encrypted }: ArchiveEntry,
  { ratio }: ArchiveLimits,
): string | undefined {
  if (kind === "other") return "is a link, a device or a sparse file";
  if (encrypted) return "is encrypted";
  return compressed === null
    ? undefined
    : faultOfGrowth(compressed, bytes, ratio);
}

function faultOfGrowth(
  compressed: number,
  extracted: number,
  limit: number,
): string | undefined {
  const ratio = extracted / Math.max(1, compressed);
  if (extracted <= SMALL || ratio <= limit) return undefined;
  return `would grow ${Math.round(ratio)} times or more, ` +
    `expected at most ${limit}`;
}
