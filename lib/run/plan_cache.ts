/**
 * Keeps a plan from filling the cache.
 *
 * @module
 */
import { join } from "@std/path";
import { cachesToRead } from "../base/cache_places.ts";
import { loadCatalogue } from "../hub/catalogue/catalogue.ts";
import type { Config } from "../settings/config.ts";

type Settings = Config<"finetune">;

/**
 * Plans with a cache of its own where the model would have to be unpacked; that
 * is removed in the end.
 *
 * @param settings What is planned.
 * @param plan Does it, with the cache that it gets.
 */
export async function withPlanCache<T>(
  settings: Settings,
  plan: (settings: Settings) => Promise<T>,
): Promise<T> {
  if (!await wouldUnpack(settings)) return await plan(settings);
  const cache = await Deno.makeTempDir({ prefix: "premise-plan-" });
  try {
    return await plan({ ...settings, cache });
  } finally {
    await Deno.remove(cache, { recursive: true });
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
