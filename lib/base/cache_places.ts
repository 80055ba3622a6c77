/**
 * Where the cache is.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";

/** The cache that is used if none is named, under the user's directory. */
export const DEFAULT_CACHE = ".premise/cache";

/**
 * The directories in which an entry of the cache may lie, the cache itself
 * first. Tasks used to work in the program's own folder wherever the user
 * stood, so what was downloaded then is still looked for there.
 *
 * @param cache The cache that was asked for.
 *
 * @example
 * ```ts
 * import { cachesToRead } from "./cache_places.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(cachesToRead("mine"), ["mine"]);
 * ```
 */
export function cachesToRead(cache: string): string[] {
  const { url } = import.meta;
  if (cache !== DEFAULT_CACHE || !url.startsWith("file:")) return [cache];
  const program = fromFileUrl(new URL("../..", url));
  const path = join(program, DEFAULT_CACHE);
  // Another project that uses the library need not let it read this folder.
  const { state } = Deno.permissions.querySync({ name: "read", path });
  return state === "granted" ? [cache, path] : [cache];
}
