/**
 * Checks all that a cache holds against the digests it was stored under.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { type DigestName, faultOfDigest } from "../../base/files/digest.ts";
import { infoOf } from "../../base/files/info.ts";
import { withLockIfWritable } from "../../base/files/lock.ts";
import type { OnProgress } from "../../base/progress.ts";
import { inCache } from "../in_cache.ts";
import { HUB_FOLDER } from "../repository/layout.ts";
import { ARCHIVES } from "./catalogue.ts";
import { readStamp, renewalOf, STAMP } from "./unpacked.ts";

/** Whom to tell, and when to stop. */
export interface VerifyOptions {
  /** Is told the bytes checked, under the phase `verify`. */
  onProgress?: OnProgress;
  /** Stops the work. */
  signal?: AbortSignal;
}

/** What was found in a cache. */
export interface CacheReport {
  /** How many archives and extracted files were checked. */
  files: number;
  /** Their size. */
  bytes: number;
  /** One sentence for each that is damaged: what is wrong, what to do. */
  problems: string[];
}

/**
 * Reads a whole cache: every archive, and every file that was extracted.
 * Downloads that broke off are no damage.
 *
 * @param cache The cache.
 * @param options Progress, a signal.
 * @throws {UserError} `missing-input`, if there is no such directory.
 *
 * @example
 * ```ts
 * import { verifyCache } from "./verify.ts";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => verifyCache("no/such/cache"));
 * ```
 */
export async function verifyCache(
  cache: string,
  { onProgress, signal }: VerifyOptions = {},
): Promise<CacheReport> {
  if (!(await infoOf(cache))?.isDirectory) {
    throw new UserError(
      `Cannot verify the cache "${cache}": there is no such directory`,
      { code: "missing-input", hint: "--cache DIR names it" },
    );
  }
  const archives = await listArchives(join(cache, ARCHIVES));
  const directories = await listDirectories(cache);
  const total = sum(archives) + sum(directories);
  const report: CacheReport = { files: 0, bytes: 0, problems: [] };
  const count = (bytes: number) => {
    signal?.throwIfAborted();
    report.files++;
    report.bytes += bytes;
    onProgress?.({ phase: "verify", done: report.bytes, total, unit: "bytes" });
  };
  await inCache(cache, async () => {
    for (const { path, bytes, digest } of archives) {
      const fault = await faultOfFile(path, { bytes, ...digest });
      count(bytes);
      if (fault === null) continue;
      report.problems.push(
        `"${path}" ${fault}; remove it: the next download fetches it again`,
      );
    }
    for (const { path } of directories) {
      // The lock keeps off a download or an extraction that would replace it.
      const problem = await withLockIfWritable(
        `${path}.lock`,
        () => problemOf(path, count),
        { ...(signal && { signal }) },
      );
      if (problem !== null) report.problems.push(problem);
    }
  });
  return report;
}

/** What is wrong with an extracted directory, and what to do about it. */
async function problemOf(
  directory: string,
  count: (bytes: number) => void,
): Promise<string | null> {
  const stamp = await readStamp(directory);
  if (stamp === null) {
    return `"${directory}" has no readable ${STAMP}; remove it: ` +
      "it is no finished download";
  }
  const faults: string[] = [];
  for (const [name, { bytes, sha256 }] of Object.entries(stamp.files)) {
    const wanted = { bytes, name: "sha256", value: sha256 } as const;
    const fault = await faultOfFile(join(directory, name), wanted);
    count(bytes);
    if (fault !== null) faults.push(`${name} ${fault}`);
  }
  if (faults.length === 0) return null;
  return `"${directory}": ${faults.join(", ")}; remove it, then ${
    renewalOf(stamp)
  }`;
}

/** What is wrong with a file; null if it is as it was stored. */
async function faultOfFile(
  path: string,
  { bytes, name, value }: { bytes: number; name: DigestName; value: string },
): Promise<string | null> {
  const info = await Deno.stat(path).catch(() => null);
  if (info === null) return "is missing";
  if (info.size !== bytes) return `has ${info.size} bytes, expected ${bytes}`;
  const fault = await faultOfDigest(path, name, value);
  return fault && `is damaged: its ${fault}`;
}

/** An archive, and the digest that it is named after. */
interface StoredArchive {
  path: string;
  bytes: number;
  digest: { name: DigestName; value: string };
}

async function listArchives(folder: string): Promise<StoredArchive[]> {
  const found: StoredArchive[] = [];
  for (const { name } of await list(folder)) {
    if (/\.(lock|part|part\.json)$/.test(name)) continue;
    const value = /^(?:[0-9a-f]{40}|[0-9a-f]{64})(?=-)/.exec(name)?.[0];
    if (value === undefined) continue;
    const path = join(folder, name);
    const { size } = await Deno.stat(path);
    const digest = { name: value.length === 40 ? "sha1" : "sha256", value };
    found.push({ path, bytes: size, digest } as StoredArchive);
  }
  return found;
}

/** What else is in a cache; tables have digests of their own. */
const OTHERS = [ARCHIVES, HUB_FOLDER, "tables"];

/** The directories of extracted archives, with the size of their files. */
async function listDirectories(
  cache: string,
): Promise<{ path: string; bytes: number }[]> {
  const found = [];
  const paths: string[] = [];
  for (const { name, isDirectory } of await list(cache)) {
    if (!isDirectory || OTHERS.includes(name)) continue;
    if (/\.tmp$|^\..*\.old$/.test(name)) continue;
    paths.push(join(cache, name));
  }
  for (const path of [...paths, ...await listSnapshots(cache)]) {
    const files = Object.values((await readStamp(path))?.files ?? {});
    found.push({ path, bytes: sum(files) });
  }
  return found;
}

/** The fetched commits of the hub's repositories; unfinished ones have no stamp. */
async function listSnapshots(cache: string): Promise<string[]> {
  const root = join(cache, HUB_FOLDER);
  const found: string[] = [];
  for (const repository of await list(root)) {
    if (!repository.isDirectory) continue;
    const folder = join(root, repository.name, "snapshots");
    for (const { name, isDirectory } of await list(folder)) {
      const path = join(folder, name);
      if (isDirectory && await infoOf(join(path, STAMP))) found.push(path);
    }
  }
  return found;
}

/** What is in a folder, by name; nothing if there is no such folder. */
async function list(folder: string): Promise<Deno.DirEntry[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function sum(things: readonly { bytes: number }[]): number {
  return things.reduce((total, { bytes }) => total + bytes, 0);
}
