/**
 * Fetches a catalogue entry into the cache, checks it, and extracts it.
 *
 * The cache holds `archives/`, the zip files as they came, and one directory
 * an entry, as `bert.small/`.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../errors.ts";
import type { OnProgress } from "../progress.ts";
import { type CatalogueEntry, fileNameOf, localPath } from "./catalogue.ts";
import { digestFile } from "./digest.ts";
import { fetchFile, type FetchOptions } from "./fetch_file.ts";
import { fixtures } from "./fixtures.ts";
import { withLock } from "./lock.ts";
import { removePart } from "./part.ts";
import { failed } from "./request.ts";
import { inCache } from "./system_error.ts";
import { isComplete, readStamp, unpack } from "./unpacked.ts";

/** Where an entry goes, where it comes from, and how. */
export interface DownloadOptions
  extends Pick<FetchOptions, "tries" | "retryDelay" | "stallTimeout"> {
  /** The cache; made if absent. */
  cache: string;
  /** A URL or directory that has all archives, instead of their own URLs. */
  hub?: string;
  /** Told bytes, under the phases `download NAME` and `extract NAME`. */
  onProgress?: OnProgress;
  /** Called if another process is at the same entry. */
  onWait?: () => void;
  /** Stops the work; an archive's part is kept if it can be continued. */
  signal?: AbortSignal;
}

/**
 * Brings an entry's files into the cache, unless they are there. Nothing
 * half-done or unverified ever lies in the place of a finished entry.
 *
 * @param entry What to fetch.
 * @param options The cache, and where to fetch from.
 * @return The directory of the extracted files.
 * @throws {UserError} `download-failed`, `bad-digest` or `bad-archive`.
 */
export async function download(
  entry: CatalogueEntry,
  options: DownloadOptions,
): Promise<string> {
  const { cache } = options;
  const directory = join(cache, entry.name);
  const archives = join(cache, "archives");
  await inCache(cache, async () => {
    await Deno.mkdir(archives, { recursive: true });
    await withLock(join(archives, `${entry.name}.lock`), async () => {
      if (await isCurrent(directory, entry)) return;
      const archive = await fetchArchive(entry, archives, options);
      await unpackArchive(archive, directory, entry, options);
    }, options);
  });
  return directory;
}

/** Whether a directory holds all of an entry's files, as of this digest. */
async function isCurrent(
  directory: string,
  entry: CatalogueEntry,
): Promise<boolean> {
  const stamp = await readStamp(directory);
  return stamp?.digest === digestOf(entry) &&
    await isComplete(directory, stamp);
}

/** The path of an entry's verified archive, fetched if need be. */
async function fetchArchive(
  entry: CatalogueEntry,
  archives: string,
  options: DownloadOptions,
): Promise<string> {
  const name = `${digestOf(entry).slice(0, 8)}-${fileNameOf(entry)}`;
  const archive = join(archives, name);
  if (await exists(archive) && await faultOf(archive, entry) === null) {
    return archive;
  }
  const address = addressOf(entry, options.hub);
  const subject = `Cannot download ${entry.name} from ${address}`;
  const part = `${archive}.part`;
  try {
    await bring(address, part, entry, options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${subject}: ${error.message}`, {
      code: error.code,
      hint: "check the connection, or name a mirror or a folder: --hub URL",
      exitCode: 1,
      cause: error,
    });
  }
  const fault = await faultOf(part, entry);
  if (fault !== null) {
    await removePart(part);
    throw new UserError(`${subject}: ${fault}`, {
      code: "bad-digest",
      hint: "the file there is damaged or another one; nothing was kept",
      exitCode: 1,
    });
  }
  await Deno.rename(part, archive);
  return archive;
}

/** Where an entry is fetched from. */
function addressOf(entry: CatalogueEntry, hub?: string): string {
  return hub === undefined
    ? entry.url
    : `${hub.replace(/\/+$/, "")}/${fileNameOf(entry)}`;
}

/** Brings the bytes at an address onto the disk, whatever the address. */
async function bring(
  address: string,
  file: string,
  entry: CatalogueEntry,
  options: DownloadOptions,
): Promise<void> {
  const onBytes = (done: number, total: number | null) =>
    options.onProgress?.({
      phase: `download ${entry.name}`,
      done,
      total: total ?? entry.bytes,
      unit: "bytes",
    });
  if (/^https?:/i.test(address)) {
    return await fetchFile(address, file, { ...options, onBytes });
  }
  if (address.startsWith("fixture:")) {
    const bytes = fixtures.get(address.slice("fixture:".length));
    if (!bytes) throw failed("this program holds no such archive");
    await Deno.writeFile(file, bytes);
    return onBytes(bytes.length, bytes.length);
  }
  const path = localPath(address);
  if (path === null) throw failed("expected an http, https or file address");
  try {
    await Deno.copyFile(path, file);
  } catch (cause) {
    await removePart(file);
    throw failed((cause as Error).message, cause);
  }
}

/** Extracts a verified archive; one that is no good isn't kept. */
async function unpackArchive(
  archive: string,
  directory: string,
  entry: CatalogueEntry,
  { onProgress, signal }: DownloadOptions,
): Promise<void> {
  try {
    await unpack(archive, directory, {
      stamp: { digest: digestOf(entry), entry },
      name: entry.name,
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (error instanceof UserError) await Deno.remove(archive);
    throw error;
  }
}

/** What is wrong with an archive; null if it is the one of the catalogue. */
async function faultOf(
  archive: string,
  entry: CatalogueEntry,
): Promise<string | null> {
  const { size } = await Deno.stat(archive);
  if (entry.bytes !== null && size !== entry.bytes) {
    return `it has ${size} bytes, expected ${entry.bytes}`;
  }
  for (const name of ["sha1", "sha256"] as const) {
    if (entry[name] === null) continue;
    const found = await digestFile(archive, name);
    if (found !== entry[name]) {
      return `its ${name} is ${found}, expected ${entry[name]}`;
    }
  }
  return null;
}

/** The digest that stands for an entry; the catalogue asks for one at least. */
function digestOf({ sha1, sha256 }: CatalogueEntry): string {
  return sha1 ?? sha256!;
}

async function exists(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => null)) !== null;
}
