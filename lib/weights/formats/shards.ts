/**
 * Models in several files, as Hugging Face saves large ones: each of
 * `model-00001-of-00002.safetensors`, ... has some of the arrays, and an
 * `.index.json` tells which.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import type { NamedArrays } from "./arrays.ts";
import { badWeights } from "./bad_weights.ts";

/** The end of an index's name. */
export const INDEX = ".index.json";

/** A file that is one of several, by its name. */
const SHARD = /^(.+)-(\d{5})-of-(\d{5})(\.\w+)$/;

/** The most bytes of an index; the largest have some hundred thousand. */
const MAX_INDEX_BYTES = 4 * 2 ** 20;

/** Reads the arrays of one file. */
export type ReadShard = (path: string) => Promise<NamedArrays>;

/**
 * The names of all files that a shard is one of, in their order.
 *
 * @param name The shard's name.
 * @return Null if the name is of no shard.
 */
export function siblingsOf(name: string): string[] | null {
  const [, stem, number, count, extension] = SHARD.exec(name) ?? [];
  if (stem === undefined || !(Number(number) >= 1)) return null;
  if (Number(number) > Number(count)) return null;
  return Array.from(
    { length: Number(count) },
    (_, i) =>
      `${stem}-${String(i + 1).padStart(5, "0")}-of-${count}${extension}`,
  );
}

/**
 * Reads all files that an index names.
 *
 * @param index The index's content.
 * @param file Its path.
 * @param read Reads each file.
 * @throws UserError `bad-weights` if it is no index, names files that are not
 *     there (all are listed), or does not tell what they hold.
 */
export async function readIndexed(
  index: Uint8Array,
  file: string,
  read: ReadShard,
): Promise<NamedArrays> {
  const shards = parseIndex(index, file);
  const arrays: NamedArrays = new Map();
  const names = [...new Set(shards.values())];
  await refuseMissing(file, names);
  for (const shard of names) {
    const path = join(dirname(file), shard);
    for (const [name, array] of await read(path)) {
      if (shards.get(name) !== shard) {
        throw badWeights(path, `"${file}" does not place array "${name}" here`);
      }
      arrays.set(name, array);
    }
  }
  const missing = [...shards.keys()].filter((name) => !arrays.has(name));
  if (missing.length > 0) {
    throw badWeights(
      file,
      missing.map((name) => `array "${name}" is not in "${shards.get(name)}"`),
    );
  }
  return arrays;
}

/**
 * Reads all files that a shard is one of, for want of an index.
 *
 * @param file The path of any of them.
 * @param read Reads each file.
 * @throws UserError `bad-weights` naming the files that are not there, or an
 *     array that two of them have.
 */
export async function readSiblings(
  file: string,
  read: ReadShard,
): Promise<NamedArrays> {
  const names = siblingsOf(basename(file))!;
  await refuseMissing(file, names);
  const arrays: NamedArrays = new Map();
  for (const name of names) {
    const path = join(dirname(file), name);
    for (const [array, values] of await read(path)) {
      if (arrays.has(array)) {
        throw badWeights(path, `array "${array}" is in an earlier file too`);
      }
      arrays.set(array, values);
    }
  }
  return arrays;
}

/** Lists them all at once: each may take long to download. */
async function refuseMissing(
  file: string,
  names: readonly string[],
): Promise<void> {
  const missing: string[] = [];
  for (const name of names) {
    const info = await Deno.stat(join(dirname(file), name)).catch(() => null);
    if (info === null) missing.push(name);
  }
  if (missing.length === 0) return;
  throw badWeights(
    file,
    `${missing.length} of its ${names.length} files are not there: ${
      missing.join(", ")
    }`,
    "download or copy them beside it",
  );
}

/**
 * Which file has which array.
 *
 * @param index The index's content.
 * @param file Its path, for errors.
 * @return File names by array.
 * @throws UserError `bad-weights` if it is no index, or names a file elsewhere.
 */
export function parseIndex(
  index: Uint8Array,
  file: string,
): Map<string, string> {
  if (index.length > MAX_INDEX_BYTES) {
    throw badWeights(
      file,
      `it has ${index.length} bytes, expected at most ${MAX_INDEX_BYTES}`,
    );
  }
  let value: { weight_map?: unknown } | null;
  try {
    value = JSON.parse(new TextDecoder().decode(index));
  } catch (cause) {
    throw badWeights(file, `it is not JSON (${(cause as Error).message})`);
  }
  const map = value?.weight_map;
  if (!isWeightMap(map)) {
    throw badWeights(file, "it has no weight_map from array to file");
  }
  const shards = new Map(Object.entries(map));
  const stray = shards.values().find((shard) =>
    basename(shard) !== shard || !/\.(?:safetensors|bin)$/.test(shard)
  );
  if (stray !== undefined) {
    throw badWeights(
      file,
      `it names "${stray}", expected a .safetensors or .bin file beside it`,
    );
  }
  return shards;
}

/** A schema would list every wrong value of an index, which may be large. */
function isWeightMap(value: unknown): value is Record<string, string> {
  return typeof value === "object" && value !== null &&
    Object.values(value).every((shard) => typeof shard === "string");
}
