/**
 * What `--model` and `--data` may name: a directory, an archive, or an
 * entry of the catalogue that was downloaded before or is in the program.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { cachesToRead } from "../../base/cache_places.ts";
import { UserError } from "../../base/errors.ts";
import { digestFile } from "../../base/files/digest.ts";
import { infoOf } from "../../base/files/info.ts";
import { withLock } from "../../base/files/lock.ts";
import { lookedIn } from "../../base/files/system_error.ts";
import { askForPath } from "../../base/near_name.ts";
import { archiveFormatOf } from "../archive/archive_format.ts";
import type { DownloadOptions } from "../download_options.ts";
import { inCache } from "../in_cache.ts";
import { findSnapshot } from "../repository/find_snapshot.ts";
import { chooseModelFiles } from "../repository/model_files.ts";
import {
  isRepositoryName,
  nearRepository,
  parseRepositoryName,
  pinnedName,
} from "../repository/repository_name.ts";
import {
  builtInEntries,
  type Catalogue,
  type CatalogueEntry,
  downloadCommand,
  type ModelFacts,
  namesOf,
} from "./catalogue.ts";
import {
  isComplete,
  readStamp,
  renewalOf,
  STAMP,
  type Stamp,
  sweepCache,
  trySweepCache,
  unpack,
} from "./unpacked.ts";

/** Where and as what a source is looked for. */
export interface ResolveSourceOptions {
  /** The cache that downloads and extracted archives are in. */
  cache: string;
  /** What the source is to be. */
  kind: "model" | "dataset";
  /** The names to suggest; the built-in ones if absent. */
  catalogue?: Catalogue;
  /** What else the user may do if the source is missing. */
  hint?: string;
  /**
   * Which files of a repository are the data: without it, no data set is found
   * in the cache of the hub's own programs.
   */
  chooseData?: DownloadOptions["chooseData"] | undefined;
}

/** A source that was found. */
export interface ResolvedSource {
  /** The directory of its files; a lone data file is its own. */
  directory: string;
  /** What to call it: the catalogue's name, or the file's. */
  name: string;
  /** What the catalogue knows of the model, if it came from there. */
  facts?: ModelFacts;
  /** Of a repository of the hub, its name with the commit that was found. */
  pinned?: string;
  /** Of a data set of the hub, the configuration that was asked for. */
  config?: string;
}

/**
 * Finds a model or a data set. A zip, tar or tar.gz archive is extracted into
 * the cache, once.
 *
 * @param value A directory, an archive, for data a file, or a name, that of a
 *   repository of the Hugging Face hub as `hf:OWNER/NAME` too.
 * @param options The cache, and what is looked for.
 * @throws {UserError} `missing-input` if there is no such thing, `bad-input`
 *   if it is another kind of thing, `bad-archive`.
 */
export async function resolveSource(
  value: string,
  options: ResolveSourceOptions,
): Promise<ResolvedSource> {
  if (isRepositoryName(value)) return await fromHub(value, value, options);
  const info = await infoOf(value);
  if (info?.isDirectory) return await fromDirectory(value, options);
  if (info && await archiveFormatOf(value) !== null) {
    return await fromArchive(value, options);
  }
  if (info && options.kind === "dataset") {
    return { directory: value, name: basename(value) };
  }
  if (info) {
    throw new UserError(
      `Cannot use "${value}" as a model: it is a file, expected a directory, ` +
        "a zip or tar archive or a catalogue name",
      { code: "bad-input", hint: "name the directory that the file is in" },
    );
  }
  return await fromCache(value, options);
}

async function fromDirectory(
  directory: string,
  { kind }: ResolveSourceOptions,
): Promise<ResolvedSource> {
  const stamp = await readStamp(directory);
  if (stamp?.repository !== undefined) {
    return await fromSnapshot(directory, stamp, kind);
  }
  const entry = stamp?.entry ?? null;
  if (entry === null) return { directory, name: basename(directory) };
  if (entry.kind !== kind) throw wrongKind(directory, entry, kind);
  if (!await isComplete(directory, stamp!)) {
    throw incomplete(directory, entry.name, stamp!);
  }
  return { directory, name: entry.name, facts: entry.facts };
}

/** A snapshot that is named by its path. */
async function fromSnapshot(
  directory: string,
  stamp: Stamp,
  kind: CatalogueEntry["kind"],
): Promise<ResolvedSource> {
  const { name, kind: found, configs } = stamp.repository!;
  if (found !== kind) throw wrongKind(directory, { name, kind: found }, kind);
  if (!await isComplete(directory, stamp)) {
    throw incomplete(directory, name, stamp);
  }
  // Of several, one has to be named.
  const config = configs.length === 1 ? configs[0] : "";
  return { directory, name, pinned: name, ...(config && { config }) };
}

/** A repository of the hub that was fetched before. */
async function fromHub(
  name: string,
  url: string,
  { kind, cache, hint, chooseData }: ResolveSourceOptions,
): Promise<ResolvedSource> {
  const repository = parseRepositoryName(url, kind);
  const { config, ...whole } = repository;
  const choose = kind === "model"
    ? chooseModelFiles
    : chooseData?.(config) ?? (() => Promise.resolve([]));
  const found = await findSnapshot(repository, cache, choose);
  if (found !== null) {
    const { directory, commit } = found;
    const pinned = pinnedName(whole, commit);
    return { directory, name, pinned, ...(config && { config }) };
  }
  const advice = `download it: ${downloadCommand(kind, name)}`;
  throw new UserError(
    `Cannot find the ${kind} "${name}": it is not in the cache "${cache}" or ` +
      "the hub's own, and only download has the network",
    {
      code: "missing-input",
      hint: hint === undefined ? advice : `${advice}; ${hint}`,
    },
  );
}

function incomplete(directory: string, name: string, stamp: Stamp): UserError {
  return new UserError(
    `Cannot use "${directory}": its files are no longer those of the ` +
      `downloaded ${name}`,
    {
      code: "missing-input",
      hint: `download it again: ${renewalOf(stamp)}; ` +
        `or remove its ${STAMP} if they were changed on purpose`,
    },
  );
}

async function fromArchive(
  archive: string,
  { cache }: ResolveSourceOptions,
): Promise<ResolvedSource> {
  const digest = await digestFile(archive, "sha1");
  const name = basename(archive).replace(/\.(zip|tar|tar\.gz|tgz)$/i, "");
  const directory = join(cache, `${name}-${digest.slice(0, 8)}`);
  const isThere = async () => {
    const stamp = await readStamp(directory);
    return stamp?.digest === digest && await isComplete(directory, stamp);
  };
  // A cache that nobody may write to is good if all is there.
  const isReady = await isThere();
  if (!isReady) {
    await inCache(cache, async () => {
      await Deno.mkdir(cache, { recursive: true });
      await sweepCache(cache);
      await withLock(`${directory}.lock`, async () => {
        if (await isThere()) return;
        await unpack(archive, directory, { stamp: { digest, entry: null } });
      });
    });
  } else {
    // A killed process may have left something beside it all the same.
    await trySweepCache(cache);
  }
  const entry = builtInEntries.find(({ sha1 }) => sha1 === digest);
  return { directory, name, ...(entry && { facts: entry.facts }) };
}

async function fromCache(
  name: string,
  options: ResolveSourceOptions,
): Promise<ResolvedSource> {
  for (const cache of cachesToRead(options.cache)) {
    const directory = join(cache, name);
    const stamp = await readStamp(directory);
    if (stamp?.entry?.name === name) {
      return await fromDirectory(directory, options);
    }
  }
  const { kind, hint } = options;
  const catalogue = options.catalogue ??
    new Map(builtInEntries.map((entry) => [entry.name, entry]));
  const entry = catalogue.get(name);
  if (entry && entry.kind !== kind) throw wrongKind(name, entry, kind);
  if (entry && isRepositoryName(entry.url)) {
    return await fromHub(name, entry.url, options);
  }
  if (entry?.url.startsWith("fixture:")) {
    // It is within the program: nothing has to be fetched.
    const { download } = await import("../transfer/download.ts");
    const { cache } = options;
    return await fromDirectory(await download(entry, { cache }), options);
  }
  const advice = entry
    ? `download it: ${downloadCommand(kind, name)}`
    : `${await askForRepository(name, kind)}known names are ${
      namesOf(catalogue, kind).join(", ")
    }; as in ` +
      downloadCommand(kind, kind === "model" ? "bert.small" : "snli");
  const near = entry ? "" : await askForPath(name, namesOf(catalogue, kind));
  throw new UserError(
    `Cannot find the ${kind} "${name}": there is no such directory or file` +
      `${
        lookedIn(name)
      }, and no ${kind} of this name in the cache "${options.cache}"` +
      near,
    {
      code: "missing-input",
      hint: hint === undefined ? advice : `${advice}; ${hint}`,
    },
  );
}

/** The begin of a hint for who left out `hf:`; a path in a folder is a path. */
async function askForRepository(
  name: string,
  kind: CatalogueEntry["kind"],
): Promise<string> {
  const repository = nearRepository(name);
  if (repository === undefined || await infoOf(dirname(name))) return "";
  return `a repository of the Hugging Face hub is downloaded first: ${
    downloadCommand(kind, repository)
  }; `;
}

function wrongKind(
  value: string,
  entry: Pick<CatalogueEntry, "name" | "kind">,
  kind: CatalogueEntry["kind"],
): UserError {
  return new UserError(
    `Cannot use "${value}" as a ${kind}: it is the ${entry.kind} ${entry.name}`,
    { code: "bad-input" },
  );
}
