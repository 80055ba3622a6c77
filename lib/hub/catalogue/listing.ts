import { isRepositoryName } from "../repository/repository_name.ts";
import { archiveOf, isCached } from "../transfer/download.ts";
import type { Catalogue, CatalogueEntry } from "./catalogue.ts";

/** What there is to know of an entry before it is downloaded. */
export interface Listed
  extends Pick<CatalogueEntry, "name" | "kind" | "format" | "licence"> {
  /**
   * Size of the archive, as the catalogue has it or as it lies in the cache;
   * null if neither tells.
   */
  bytes: number | null;
  /** Whether it is in the cache, ready for use. */
  cached: boolean;
}

/**
 * Tells what a catalogue has, and what of it is in a cache.
 *
 * @param catalogue The catalogue of what can be downloaded.
 * @param cache The cache that downloads are kept in; it may not exist yet.
 */
export async function listCatalogue(
  catalogue: Catalogue,
  cache: string,
): Promise<Listed[]> {
  return await Promise.all(
    Array.from(catalogue.values(), async (entry) => {
      const { name, kind, format, licence } = entry;
      const archive = isRepositoryName(entry.url)
        ? null
        : await Deno.stat(archiveOf(entry, cache)).catch(() => null);
      return {
        name,
        kind,
        format,
        bytes: entry.bytes ?? archive?.size ?? null,
        licence,
        cached: await isCached(entry, cache),
      };
    }),
  );
}
