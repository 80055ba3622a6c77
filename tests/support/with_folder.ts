import { join } from "@std/path";

/**
 * Runs a test with a temporary folder, which is removed afterwards. Gives what
 * the test gives.
 */
export async function withFolder<Found>(
  test: (folder: string) => Promise<Found> | Found,
): Promise<Found> {
  const folder = await Deno.makeTempDir();
  try {
    return await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a test with the path of a cache, which is not there yet. */
export async function withCache(
  test: (cache: string) => Promise<void>,
): Promise<void> {
  await withFolder((folder) => test(join(folder, "cache")));
}
