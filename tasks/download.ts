/**
 * `download`: fetches a pretrained model, a data set or both into the cache;
 * or lists what there is, or verifies what was fetched.
 *
 * @module
 */
import { listProblems } from "../lib/base/errors.ts";
import { chooseDataFiles } from "../lib/data/sources/hub/hub_folder.ts";
import {
  type Catalogue,
  findEntry,
  loadCatalogue,
} from "../lib/hub/catalogue/catalogue.ts";
import { listCatalogue } from "../lib/hub/catalogue/listing.ts";
import { readStamp } from "../lib/hub/catalogue/unpacked.ts";
import { verifyCache } from "../lib/hub/catalogue/verify.ts";
import { downloadAll } from "../lib/hub/transfer/download_all.ts";
import type { Config } from "../lib/settings/config.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";

/**
 * Fetches, lists or verifies what is in the cache.
 *
 * @param config What to do.
 * @param context Who is told.
 * @return The facts of the `done` event.
 */
export async function downloadEntries(
  config: Config<"download">,
  context: TaskContext,
): Promise<Summary> {
  if (config.verify) return await verify(config, context);
  const catalogue = await loadCatalogue(config.catalogue);
  return config.list
    ? await list(catalogue, config, context)
    : await fetchEntries(catalogue, config, context);
}

async function fetchEntries(
  catalogue: Catalogue,
  { cache, hub, offline, ...names }: Config<"download">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  // Both names are looked up first: a typo shouldn't cost a download.
  const entries = (["model", "dataset"] as const).flatMap((kind) => {
    const name = names[kind];
    return name === undefined ? [] : [findEntry(catalogue, name, { kind })];
  });
  start();
  const files = await downloadAll(entries, {
    cache,
    offline,
    chooseData: (config) => chooseDataFiles(config, log.emit),
    ...(hub !== undefined && { hub }),
    onProgress: log.progress,
    onWait: (name) => log.say(`waiting for another download of ${name}`),
    signal,
  });
  const licences: Record<string, string> = {};
  const pinned: Record<string, string> = {};
  for (const [i, { name, licence }] of entries.entries()) {
    const repository = (await readStamp(files[i]))?.repository;
    licences[name] = repository?.licence ?? licence;
    if (repository) pinned[name] = repository.name;
  }
  const isOfHub = Object.keys(pinned).length > 0;
  return { licences, ...(isOfHub && { pinned }), files };
}

async function list(
  catalogue: Catalogue,
  { cache }: Config<"download">,
  { log, start }: TaskContext,
): Promise<Summary> {
  start();
  const entries = await listCatalogue(catalogue, cache);
  for (const entry of entries) log.emit({ event: "entry", ...entry });
  return {};
}

async function verify(
  { cache }: Config<"download">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  start();
  const onProgress = log.progress;
  const { files, bytes, problems } = await verifyCache(cache, {
    onProgress,
    signal,
  });
  if (problems.length > 0) {
    throw listProblems(`The cache "${cache}" is damaged`, problems, {
      code: "damaged-cache",
      hint: "all else in it is as it was downloaded",
      exitCode: 1,
    });
  }
  return { verifiedFiles: files, verifiedBytes: bytes };
}

if (import.meta.main) await runTask("download", downloadEntries);
