/**
 * Reads a weight file of any known format, told by its first bytes.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { checkRegular } from "../../base/files/regular.ts";
import { reasonOf } from "../../base/files/system_error.ts";
import type { NamedArrays } from "./arrays.ts";
import { badWeights } from "./bad_weights.ts";
import { isMxnet, readMxnet } from "./mxnet.ts";
import { readNpz } from "./npy.ts";
import { isSafetensors, readSafetensors } from "./safetensors.ts";
import { isTorchLegacy, readTorchLegacy } from "./torch/torch_legacy.ts";
import { readTorchZip } from "./torch/torch_zip.ts";
import { isZip, listZipMembers } from "./zip_members.ts";

/** How a weight file is read. */
export interface ReadWeightFileOptions {
  /**
   * Reads each file, of several perhaps, by what it is given for that; throws
   * if its bytes are not as they should be.
   */
  read?:
    | ((
      path: string,
      readBytes: (path: string) => Promise<Uint8Array<ArrayBuffer>>,
    ) => Promise<Uint8Array<ArrayBuffer>>)
    | undefined;
}

/**
 * Reads a weight file.
 *
 * @param file Its path; a path ending in `.index.json` is that of a model in
 *     several safetensors files, as Hugging Face saves large ones.
 * @param options What checks the bytes.
 * @return Its arrays as floats, under the file's own names. Read only: arrays
 *     may share memory.
 * @throws UserError `bad-weights` if it cannot be read or is of no known format.
 *
 * @example
 * ```ts
 * import { readWeightFile } from "./weight_file.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const arrays = await readWeightFile("fixtures/golden/torch/classifier.params");
 * assertEquals(arrays.get("output.weight")?.shape, [3, 32]);
 * ```
 */
export async function readWeightFile(
  file: string,
  options: ReadWeightFileOptions = {},
): Promise<NamedArrays> {
  const bytes = await readBytes(file, options);
  if (file.endsWith(".index.json")) return readShards(bytes, file, options);
  return readWeights(bytes, file);
}

/**
 * Reads weights of any known format.
 *
 * @param bytes The whole file.
 * @param file Its path, for errors.
 * @return As {@link readWeightFile}.
 * @throws UserError `bad-weights` if they are of no known format.
 */
export async function readWeights(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): Promise<NamedArrays> {
  if (isMxnet(bytes)) return readMxnet(bytes, file);
  if (isTorchLegacy(bytes)) return readTorchLegacy(bytes, file);
  if (isZip(bytes)) {
    const members = await listZipMembers(bytes, file);
    const isTorch = members.keys().some((name) => name.endsWith("/data.pkl"));
    return isTorch ? readTorchZip(members, file) : readNpz(members, file);
  }
  if (isSafetensors(bytes)) return readSafetensors(bytes, file).arrays;
  const start = String.fromCharCode(...bytes.subarray(0, 200));
  const other = OTHERS.find(([magic]) => start.startsWith(magic));
  const what = start === "" ? "it is empty" : other?.[1];
  throw badWeights(
    file,
    what ?? "it is not a file of MXNet, PyTorch, NumPy or safetensors",
  );
}

/** How much is read at a time. */
const BLOCK = 2 ** 24;

/** What other files begin with, and what they are. */
const OTHERS = [
  [
    "version https://git-lfs",
    "it is a pointer of Git LFS, not the file itself (git lfs pull)",
  ],
  ["\x93NUMPY", "it is one array without a name, expected an .npz of many"],
  ["\x89HDF", "it is an HDF5 file, as TensorFlow writes"],
  ["\x1f\x8b", "it is compressed (gunzip)"],
  ["<", "it is a web page or the like, not weights"],
] as const;

/** The most bytes of an index; the largest have some hundred thousand. */
const MAX_INDEX_BYTES = 4 * 2 ** 20;

/** A schema would list every wrong value of an index, which may be large. */
function isWeightMap(value: unknown): value is Record<string, string> {
  return typeof value === "object" && value !== null &&
    Object.values(value).every((shard) => typeof shard === "string");
}

async function readShards(
  index: Uint8Array,
  file: string,
  options: ReadWeightFileOptions,
): Promise<NamedArrays> {
  const shards = parseIndex(index, file);
  const arrays: NamedArrays = new Map();
  for (const shard of new Set(shards.values())) {
    const path = join(dirname(file), shard);
    const { arrays: section } = readSafetensors(
      await readBytes(path, options),
      path,
    );
    for (const [name, array] of section) {
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

function parseIndex(index: Uint8Array, file: string): Map<string, string> {
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
    basename(shard) !== shard || !shard.endsWith(".safetensors")
  );
  if (stray !== undefined) {
    throw badWeights(
      file,
      `it names "${stray}", expected a .safetensors file beside it`,
    );
  }
  return shards;
}

async function readBytes(
  file: string,
  { read }: ReadWeightFileOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  return await (read ? read(file, readWhole) : readWhole(file));
}

/** Does as `Deno.readFile`, which takes twice the file's size in memory. */
async function readWhole(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    await checkRegular(file);
    using handle = await Deno.open(file);
    const bytes = new Uint8Array((await handle.stat()).size);
    for (let done = 0; done < bytes.length;) {
      const count = await handle.read(bytes.subarray(done, done + BLOCK));
      if (count === null) return bytes.subarray(0, done);
      done += count;
    }
    return bytes;
  } catch (cause) {
    throw badWeights(file, reasonOf(cause, file), "check the path");
  }
}
