/**
 * `download`: fetches a pretrained model, a data set or both into the cache.
 *
 * @module
 */
import type { Config } from "../lib/config.ts";
import { findEntry, loadCatalogue } from "../lib/hub/catalogue.ts";
import { download } from "../lib/hub/download.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task.ts";

async function main(
  config: Config<"download">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  const catalogue = await loadCatalogue(config.catalogue);
  // Both names are looked up first: a typo shouldn't cost a download.
  const entries = (["model", "dataset"] as const).flatMap((kind) => {
    const name = config[kind];
    return name === undefined ? [] : [findEntry(catalogue, name, { kind })];
  });
  start();
  const files: string[] = [];
  for (const entry of entries) {
    files.push(
      await download(entry, {
        cache: config.cache,
        ...(config.hub !== undefined && { hub: config.hub }),
        onProgress: log.progress,
        onWait: () => log.say(`waiting for another download of ${entry.name}`),
        signal,
      }),
    );
  }
  const licences = entries.map(({ name, licence }) => [name, licence]);
  return { licences: Object.fromEntries(licences), files };
}

if (import.meta.main) await runTask("download", main);
