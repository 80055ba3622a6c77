import { join } from "@std/path";

/** Runs a test with a temporary folder, which is removed afterwards. */
export async function withFolder(
  test: (folder: string) => Promise<void> | void,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
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
