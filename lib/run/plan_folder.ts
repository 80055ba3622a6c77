/**
 * Keeps a plan from leaving anything on the disk.
 *
 * @module
 */
import { join } from "@std/path";
import { cachesToRead } from "../base/cache_places.ts";
import { loadCatalogue } from "../hub/catalogue/catalogue.ts";
import type { Config } from "../settings/config.ts";

type Settings = Config<"finetune">;

/**
 * Plans with a folder for encoded data, and for the cache where the model would
 * have to be unpacked; it is removed in the end.
 *
 * @param settings What is planned.
 * @param plan Does it, with the settings and the place for tables that it gets.
 */
export async function withPlanFolder<T>(
  settings: Settings,
  plan: (settings: Settings, tables: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "premise-plan-" });
  try {
    const cache = await wouldUnpack(settings)
      ? join(folder, "cache")
      : settings.cache;
    return await plan({ ...settings, cache }, join(folder, "tables"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Whether the model is an archive, or one that the program holds. */
async function wouldUnpack(
  { model, cache, catalogue }: Settings,
): Promise<boolean> {
  const info = await Deno.stat(model).catch(() => null);
  if (info) return info.isFile;
  for (const place of cachesToRead(cache)) {
    if (await Deno.stat(join(place, model)).catch(() => null)) return false;
  }
  const entry = (await loadCatalogue(catalogue)).get(model);
  return entry?.url.startsWith("fixture:") ?? false;
}
