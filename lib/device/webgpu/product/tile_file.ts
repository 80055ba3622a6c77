/**
 * The tiles that were fastest, kept for the next run: a JSON file in the
 * cache, by the adapter's name. A file that can't be read is as good as none,
 * since the tiles are only measured again.
 *
 * @module
 */
import { dirname } from "@std/path";
import { replaceFile } from "../../../base/files/files.ts";
import { isSystemError } from "../../../base/files/system_error.ts";

/** Names of tiles by the class of the product, by adapter. */
type Contents = Record<string, Record<string, string>>;

/**
 * Reads the tiles of an adapter.
 *
 * @param path The file.
 * @param adapter The adapter in words.
 * @return Names of tiles by the class of the product; empty if unknown.
 */
export async function readTiles(
  path: string,
  adapter: string,
): Promise<Record<string, string>> {
  const contents = await read(path);
  return Object.hasOwn(contents, adapter) ? contents[adapter] : {};
}

/**
 * Writes the tiles of an adapter, beside those of others. Where that fails
 * nothing is lost but the time to measure them again.
 *
 * @param path The file.
 * @param tiles The adapter in words, and its tiles.
 */
export async function writeTiles(
  path: string,
  { adapter, chosen }: { adapter: string; chosen: Record<string, string> },
): Promise<void> {
  const contents = { ...await read(path), [adapter]: chosen };
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await replaceFile(path, JSON.stringify(contents, null, 2) + "\n");
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

async function read(path: string): Promise<Contents> {
  try {
    const contents = JSON.parse(await Deno.readTextFile(path));
    return isContents(contents) ? contents : {};
  } catch (error) {
    if (isSystemError(error) || error instanceof SyntaxError) return {};
    throw error;
  }
}

function isContents(value: unknown): value is Contents {
  return isRecord(value) &&
    Object.values(value).every((tiles) =>
      isRecord(tiles) &&
      Object.values(tiles).every((tile) => typeof tile === "string")
    );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
