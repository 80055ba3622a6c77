/**
 * Fetches a catalogue entry into the cache, checks it, and extracts it.
 *
 * The cache holds `archives/`, each under its digest as it came, one directory
 * an entry, as `bert.small/`, and `hub/` with repositories of the Hugging Face
 * hub.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { cachesToRead } from "../../base/cache_places.ts";
import { UserError } from "../../base/errors.ts";
import { faultOfDigest } from "../../base/files/digest.ts";
import { withLock } from "../../base/files/lock.ts";
import { publicAddress } from "../../base/public_address.ts";
import {
  ARCHIVES,
  type CatalogueEntry,
  digestOf,
  fileNameOf,
} from "../catalogue/catalogue.ts";
import {
  dropUnfinished,
  isComplete,
  readStamp,
  type Stamp,
  sweepCache,
  trySweepCache,
  unpack,
  writeStamp,
} from "../catalogue/unpacked.ts";
import type { DownloadOptions } from "../download_options.ts";
import { inCache } from "../in_cache.ts";
import { downloadRepository } from "../repository/download_repository.ts";
import { findSnapshot } from "../repository/find_snapshot.ts";
import { chooseModelFiles } from "../repository/model_files.ts";
import {
  isRepositoryName,
  parseRepositoryName,
} from "../repository/repository_name.ts";
import { addressOf, fetchArchive } from "./fetch_archive.ts";
import { removePartial } from "./partial.ts";

/**
 * Downloads an entry into the cache, unless its files are there. Nothing
 * half-done or unverified ever lies in the place of a finished entry.
 *
 * @param entry The entry to fetch.
 * @param options The cache, and where to fetch from.
 * @return The directory of the extracted files.
 * @throws {UserError} `download-failed`, `bad-digest`, `bad-archive`,
 *   `disk-full` or `not-cached`.
 */
export async function download(
  entry: CatalogueEntry,
  options: DownloadOptions,
): Promise<string> {
  const { cache } = options;
  if (isRepositoryName(entry.url)) {
    return await downloadRepository(
      parseRepositoryName(entry.url, entry.kind),
      options,
    );
  }
  const directory = join(cache, entry.name);
  const archive = archiveOf(entry, cache);
  // A cache that nobody may write to is good if all is there.
  if (await isAsWritten(directory, entry)) {
    await trySweepCache(cache);
    return directory;
  }
  await inCache(cache, async () => {
    await Deno.mkdir(dirname(archive), { recursive: true });
    await sweepCache(cache);
    // Another name may stand for the same archive: both are locked.
    const work = () => makeCurrent(directory, archive, entry, options);
    await withLock(
      `${directory}.lock`,
      () => withLock(`${archive}.lock`, work, options),
      options,
    );
  });
  return directory;
}

async function makeCurrent(
  directory: string,
  archive: string,
  entry: CatalogueEntry,
  options: DownloadOptions,
): Promise<void> {
  await dropUnfinished(directory);
  if (await isCurrent(directory, entry)) return;
  if (!await isGood(archive, entry)) {
    await fetchVerified(archive, entry, options);
  }
  await unpackArchive(archive, directory, entry, options);
}

/** Whether all that an entry stands for is in the cache. */
export async function isCached(
  entry: CatalogueEntry,
  cache: string,
): Promise<boolean> {
  if (isRepositoryName(entry.url)) {
    const name = parseRepositoryName(entry.url, entry.kind);
    return await findSnapshot(name, cache, chooseModelFiles) !== null;
  }
  const directory = join(cache, entry.name);
  const stamp = await readStamp(directory);
  return stamp?.digest === digestOf(entry) &&
    await isComplete(directory, stamp);
}

/** Where an entry's archive is in a cache. */
export function archiveOf(entry: CatalogueEntry, cache: string): string {
  return join(cache, ARCHIVES, `${digestOf(entry)}-${fileNameOf(entry)}`);
}

/** Whether an entry is there, and its stamp tells of it what is known now. */
async function isAsWritten(
  directory: string,
  entry: CatalogueEntry,
): Promise<boolean> {
  return await isCached(entry, dirname(directory)) &&
    isTold(await readStamp(directory), entry);
}

function isTold(stamp: Stamp | null, entry: CatalogueEntry): boolean {
  return JSON.stringify(stamp?.entry) === JSON.stringify(toldOf(entry));
}

/** Whether an entry needn't be fetched; renews what its stamp tells of it. */
async function isCurrent(
  directory: string,
  entry: CatalogueEntry,
): Promise<boolean> {
  if (!await isCached(entry, dirname(directory))) return false;
  const stamp = (await readStamp(directory))!;
  if (!isTold(stamp, entry)) {
    await writeStamp(directory, { ...stamp, entry: toldOf(entry) });
  }
  return true;
}

/** Whether an archive is there, and the one of the catalogue. */
async function isGood(
  archive: string,
  entry: CatalogueEntry,
): Promise<boolean> {
  return await exists(archive) && await faultOf(archive, entry) === null;
}

/** The entry's archive in another cache, where it needn't be fetched from. */
async function findElsewhere(
  entry: CatalogueEntry,
  cache: string,
): Promise<string | undefined> {
  for (const other of cachesToRead(cache).slice(1)) {
    const archive = archiveOf(entry, other);
    if (await isGood(archive, entry)) return archive;
  }
  return undefined;
}

/** Fetches an archive and verifies it before it takes its place. */
async function fetchVerified(
  archive: string,
  entry: CatalogueEntry,
  options: DownloadOptions,
): Promise<void> {
  const address = await findElsewhere(entry, options.cache) ??
    addressOf(entry, options.hub);
  const subject = `Cannot download ${entry.name} from ${
    publicAddress(address)
  }`;
  const partial = `${archive}.part`;
  let fault: string | null;
  try {
    const isContinued = await fetchArchive(entry, partial, {
      ...options,
      address,
    });
    fault = await faultOf(partial, entry);
    if (fault !== null && isContinued) {
      // The file may have changed in between, without the server's telling.
      await removePartial(partial);
      await fetchArchive(entry, partial, { ...options, address });
      fault = await faultOf(partial, entry);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${subject}: ${error.message}`, {
      code: error.code,
      hint: error.hint ||
        "check the connection, or name a mirror or a folder: --hub URL",
      exitCode: 1,
      cause: error,
    });
  }
  if (fault !== null) {
    await removePartial(partial);
    throw new UserError(`${subject}: ${fault}`, {
      code: "bad-digest",
      hint: "the file there is damaged or another one; nothing was kept",
      exitCode: 1,
    });
  }
  await Deno.rename(partial, archive);
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
      stamp: { digest: digestOf(entry), entry: toldOf(entry) },
      name: entry.name,
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    });
  } catch (error) {
    const isBad = error instanceof UserError && error.code === "bad-archive";
    if (isBad) await Deno.remove(archive);
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
    const wanted = entry[name];
    const fault = wanted && await faultOfDigest(archive, name, wanted);
    if (fault) return `its ${fault}`;
  }
  return null;
}

/** What a stamp tells of an entry: nothing that is a secret. */
function toldOf(entry: CatalogueEntry): CatalogueEntry {
  return { ...entry, url: publicAddress(entry.url) };
}

async function exists(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => null)) !== null;
}
