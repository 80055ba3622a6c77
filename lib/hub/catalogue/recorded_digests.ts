/**
 * Whether a file is still as it was written: in the cache by its stamp, in a
 * run by the digests that lie there. A flipped bit in a weight would be no
 * error, only a wrong answer.
 *
 * @module
 */
import { dirname, relative, resolve, SEPARATOR } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { readRegular } from "../../base/files/regular.ts";
import { readSums, sha256 } from "../../base/files/summed_files.ts";
import { readStamp, renewalOf } from "./unpacked.ts";

/** Folders from a file of an archive to its top, at most. */
const DEEPEST = 8;

/** What was recorded of a file. */
interface Recorded {
  /** The SHA-256 of each content that it may have. */
  digests: readonly string[];
  /** What to do if it has another. */
  hint: string;
}

/**
 * Reads a file that must be as it was written, if a digest was recorded then.
 *
 * A file and its record may be replaced at any moment, so what is read is wrong
 * only if the record was the same before and after; else it is read again.
 *
 * @param path The file.
 * @param read Reads it.
 * @param digestOf The SHA-256 of what was read.
 * @return What was read.
 * @throws {UserError} `changed-file` if it is another.
 */
export async function readAsRecorded<T>(
  path: string,
  read: (path: string) => Promise<T>,
  digestOf: (content: T) => string,
): Promise<T> {
  for (let recorded = await recordedOf(path);;) {
    const content = await read(path);
    if (recorded === null) return content;
    const found = digestOf(content);
    if (recorded.digests.includes(found)) return content;
    const now = await recordedOf(path);
    if (now?.digests.join() === recorded.digests.join()) {
      throw changedFile(path, found, recorded);
    }
    recorded = now;
  }
}

/**
 * Reads a file's bytes, as {@link readAsRecorded} does.
 *
 * @param path The file.
 * @param read Reads it, if it is to be read otherwise than usual.
 * @throws {UserError} `changed-file` if it is another.
 */
export async function readRecorded(
  path: string,
  read: (path: string) => Promise<Uint8Array<ArrayBuffer>> = readRegular,
): Promise<Uint8Array<ArrayBuffer>> {
  return await readAsRecorded(path, read, (bytes) => sha256([bytes]));
}

/**
 * Reads a file's text, as {@link readAsRecorded} does.
 *
 * @param path The file.
 * @throws {UserError} `changed-file` if it is another.
 */
export async function readRecordedText(path: string): Promise<string> {
  // As `Deno.readTextFile` does, it leaves a byte order mark to the reader.
  return new TextDecoder("utf-8", { ignoreBOM: true })
    .decode(await readRecorded(path));
}

function changedFile(
  path: string,
  found: string,
  { digests, hint }: Recorded,
): UserError {
  return new UserError(
    `Cannot use "${path}": it is not as it was written, its SHA-256 is ` +
      `${found}, expected ${digests.join(" or ")}`,
    { code: "changed-file", hint },
  );
}

async function recordedOf(file: string): Promise<Recorded | null> {
  const path = resolve(file);
  return await recordedInRun(path) ?? await recordedInCache(path);
}

async function recordedInRun(path: string): Promise<Recorded | null> {
  const run = dirname(path);
  const digests = (await readSums(run))?.get(relative(run, path));
  return digests === undefined ? null : {
    digests,
    hint: `if it was changed on purpose, accept it: deno task verify --run ` +
      `${run} --accept; else it is damaged`,
  };
}

async function recordedInCache(path: string): Promise<Recorded | null> {
  for (
    let [folder, depth] = [dirname(path), 0];
    folder !== dirname(folder) && depth < DEEPEST;
    [folder, depth] = [dirname(folder), depth + 1]
  ) {
    const stamp = await readStamp(folder);
    if (stamp !== null) {
      const name = relative(folder, path).replaceAll(SEPARATOR, "/");
      if (!Object.hasOwn(stamp.files, name)) return null;
      return {
        digests: [stamp.files[name].sha256],
        hint: `remove "${folder}", then ${renewalOf(stamp)}`,
      };
    }
  }
  return null;
}
