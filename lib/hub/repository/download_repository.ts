/**
 * Fetches a repository of the Hugging Face hub into the cache: the files that
 * are needed of one commit, each checked against the digest that the hub lists.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { replaceFile } from "../../base/files/files.ts";
import { withLock } from "../../base/files/lock.ts";
import { removeIfThere } from "../../base/files/remove.ts";
import { publicAddress } from "../../base/public_address.ts";
import {
  readStamp,
  type StampedFile,
  writeStamp,
} from "../catalogue/unpacked.ts";
import type { ChooseFiles, DownloadOptions } from "../download_options.ts";
import { inCache } from "../in_cache.ts";
import { checkSpace } from "../transfer/space.ts";
import { connect, type Connection } from "./connection.ts";
import { isHubOffline } from "./environment.ts";
import { fetchHubFile } from "./fetch_hub_file.ts";
import { findSnapshot, isFetched } from "./find_snapshot.ts";
import {
  commitOf,
  HUB_FOLDER,
  refFile,
  repositoryFolder,
  snapshotFolder,
} from "./layout.ts";
import { type Listing, listRepository } from "./listing.ts";
import { chooseModelFiles } from "./model_files.ts";
import {
  COMMIT,
  pinnedName,
  type RepositoryName,
  repositoryText,
} from "./repository_name.ts";

/**
 * Downloads a repository, unless its files are there. What is fetched stays,
 * so that a download that was cut off goes on; the stamp, which comes last,
 * makes it whole.
 *
 * @param name The repository.
 * @param options The cache, and where to fetch from.
 * @return The directory of the files.
 * @throws {UserError} `not-on-hub`, `no-access`, `download-failed`,
 *   `bad-digest`, `bad-model`, `bad-data`, `disk-full` or `not-cached`.
 */
export async function downloadRepository(
  name: RepositoryName,
  options: DownloadOptions,
): Promise<string> {
  const choose = chooserOf(name, options);
  const root = join(options.cache, HUB_FOLDER);
  if (options.offline || isHubOffline()) {
    const found = await findSnapshot(name, options.cache, choose);
    if (found === null) throw notCached(name, options);
    return found.directory;
  }
  const isPinned = COMMIT.test(name.revision ?? "");
  if (isPinned) {
    const directory = snapshotFolder(root, name, name.revision!);
    if (await isFetched(directory, name)) return directory;
  }
  const connection = await connect(options);
  const { cache, hub: _, ...transfer } = options;
  const work = async () => {
    const listing = await listRepository(name, connection, transfer);
    const directory = snapshotFolder(root, name, listing.commit);
    const isThere = async () =>
      await isFetched(directory, name) &&
      (isPinned || await commitOf(root, name) === listing.commit);
    // A cache that nobody may write to is good if all is there.
    if (await isThere()) return directory;
    await inCache(cache, async () => {
      await Deno.mkdir(dirname(directory), { recursive: true });
      await withLock(`${directory}.lock`, async () => {
        if (!await isFetched(directory, name)) {
          const work = { name, listing, connection, options, choose };
          await fetchSnapshot(directory, work);
        }
        if (!isPinned) await writeRef(root, name, listing.commit);
      }, options);
    });
    return directory;
  };
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const isCached = error.code === "download-failed" &&
      await findSnapshot(name, cache, choose) !== null;
    throw tellWhere(error, name, { ...connection, isCached });
  }
}

/** What a download of a repository works with. */
interface Work {
  name: RepositoryName;
  listing: Listing;
  connection: Connection;
  options: DownloadOptions;
  choose: ChooseFiles;
}

function chooserOf(
  { kind, config }: RepositoryName,
  { chooseData }: DownloadOptions,
): ChooseFiles {
  if (kind === "model") return chooseModelFiles;
  if (chooseData !== undefined) return chooseData(config);
  throw new TypeError("downloading a data set of the hub needs chooseData");
}

/** Fetches what is missing of a snapshot, and stamps it. */
async function fetchSnapshot(directory: string, work: Work): Promise<void> {
  const { name, listing, connection, options, choose } = work;
  const earlier = await readStamp(directory);
  const files: Record<string, StampedFile> = { ...earlier?.files };
  const partials = join(
    repositoryFolder(join(options.cache, HUB_FOLDER), name),
    `${listing.commit}.partial`,
  );
  await Deno.mkdir(partials, { recursive: true });
  let [done, total] = [0, null as number | null];
  const fetch = async (path: string): Promise<void> => {
    if (Object.hasOwn(files, path)) return;
    files[path] = await fetchHubFile(path, {
      name,
      file: listing.files.get(path)!,
      commit: listing.commit,
      connection,
      target: join(directory, path),
      partial: join(partials, `${path.replaceAll("/", "--").slice(-200)}.part`),
      options,
      onBytes: (bytes) =>
        options.onProgress?.({
          phase: `download ${repositoryText(name)}`,
          done: done + bytes,
          total,
          unit: "bytes",
        }),
    });
    done += files[path].bytes;
  };
  const chosen = await choose([...listing.files.keys()], async (path) => {
    await fetch(path);
    return await Deno.readTextFile(join(directory, path));
  });
  const missing = chosen.filter((path) => !Object.hasOwn(files, path));
  const sizes = missing.map((path) => listing.files.get(path)!.bytes);
  const left = sizes.reduce((sum: number, size) => sum + (size ?? 0), 0);
  if (!sizes.includes(null)) total = done + left;
  await checkSpace(partials, left - await sizeOfFiles(partials));
  for (const path of missing) await fetch(path);
  const configs = [
    ...earlier?.repository?.configs ?? [],
    name.config ?? "",
  ];
  const { config: _, ...whole } = name;
  await writeStamp(directory, {
    digest: listing.commit,
    entry: null,
    files,
    repository: {
      kind: name.kind,
      name: pinnedName(whole, listing.commit),
      licence: listing.licence,
      configs: [...new Set(configs)],
    },
  });
  await removeIfThere(partials);
}

/** Bytes of earlier downloads that are gone on with. */
async function sizeOfFiles(folder: string): Promise<number> {
  let sum = 0;
  for await (const { name } of Deno.readDir(folder)) {
    sum += (await Deno.stat(join(folder, name))).size;
  }
  return sum;
}

/** Keeps which commit a branch or a tag is. */
async function writeRef(
  root: string,
  name: RepositoryName,
  commit: string,
): Promise<void> {
  const file = refFile(root, name);
  await Deno.mkdir(dirname(file), { recursive: true });
  await replaceFile(file, commit);
}

/** Tells of an error what was to be fetched from where. */
function tellWhere(
  { message, code, hint, exitCode, cause }: UserError,
  name: RepositoryName,
  { endpoint, isCached }: { endpoint: string; isCached: boolean },
): UserError {
  const isBusy = / answered 429\b/.test(message);
  const advice = hint ||
    (isBusy
      ? "the hub asks to wait; with HF_TOKEN it allows more requests"
      : "check the connection; HF_ENDPOINT or --hub URL name another hub");
  return new UserError(
    `Cannot download ${repositoryText(name)} from ${
      publicAddress(endpoint)
    }: ${message}`,
    {
      code,
      hint: isCached
        ? `${advice}; --offline takes what was fetched before`
        : advice,
      exitCode,
      cause,
    },
  );
}

function notCached(
  name: RepositoryName,
  { cache, offline }: DownloadOptions,
): UserError {
  const why = offline ? "--offline" : "HF_HUB_OFFLINE";
  return new UserError(
    `Cannot download ${repositoryText(name)}: it is not in the cache ` +
      `"${cache}" or the hub's own, and ${why} keeps off the network`,
    { code: "not-cached", hint: `leave out ${why} once`, exitCode: 1 },
  );
}
