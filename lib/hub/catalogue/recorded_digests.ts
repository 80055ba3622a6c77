/**
 * Whether a file is still as it was written: in the cache by its stamp, in a
 * run by the digests that lie there. A flipped bit in a weight would be no
 * error, only a wrong answer.
 *
 * @module
 */
import { dirname, relative, resolve, SEPARATOR } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { digestFile } from "../../base/files/digest.ts";
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
 * Checks a file against the digest that was recorded when it was written, if
 * one was.
 *
 * @param path The file.
 * @param content Its bytes, or their SHA-256, where they are known; it is read
 * otherwise.
 * @throws {UserError} `changed-file` if it is another.
 */
export async function checkRecorded(
  path: string,
  content?: Uint8Array | string,
): Promise<void> {
  const before = await recordedOf(path);
  if (before === null) return;
  const found = typeof content === "string"
    ? content
    : content === undefined
    ? await digestFile(path, "sha256")
    : sha256([content]);
  if (before.digests.includes(found)) return;
  // A file and its record may have been replaced meanwhile.
  const recorded = await recordedOf(path);
  if (recorded === null || recorded.digests.includes(found)) return;
  throw new UserError(
    `Cannot use "${path}": it is not as it was written, its SHA-256 is ` +
      `${found}, expected ${recorded.digests.join(" or ")}`,
    { code: "changed-file", hint: recorded.hint },
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
