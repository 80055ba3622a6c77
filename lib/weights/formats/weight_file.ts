/**
 * Reads a weight file of any known format, told by its first bytes.
 *
 * @module
 */
import { basename } from "@std/path";
import { checkRegular } from "../../base/files/regular.ts";
import { reasonOf } from "../../base/files/system_error.ts";
import type { NamedArrays } from "./arrays.ts";
import { badWeights } from "./bad_weights.ts";
import {
  type ForeignFile,
  foreignFile,
  foreignFileAt,
} from "./foreign_files.ts";
import { isMxnet, readMxnet } from "./mxnet.ts";
import { readNpz } from "./npy.ts";
import { isSafetensors, readSafetensors } from "./safetensors.ts";
import { INDEX, readIndexed, readSiblings, siblingsOf } from "./shards.ts";
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
 *     several files, as Hugging Face saves large ones, and so is the path of one
 *     that is numbered as they are.
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
  const read = (path: string) => readOne(path, options);
  if (file.endsWith(INDEX)) {
    return await readIndexed(await readBytes(file, options), file, read);
  }
  return siblingsOf(basename(file)) === null
    ? await read(file)
    : await readSiblings(file, read);
}

/** A file that is something else is refused before all of it is read. */
async function readOne(
  file: string,
  options: ReadWeightFileOptions,
): Promise<NamedArrays> {
  const foreign = await foreignFileAt(file);
  if (foreign) throw isForeign(file, foreign);
  return await readWeights(await readBytes(file, options), file);
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
  const foreign = foreignFile(bytes, bytes.length);
  if (foreign) throw isForeign(file, foreign);
  throw badWeights(
    file,
    "it is not a file of MXNet, PyTorch, NumPy or safetensors",
  );
}

function isForeign(file: string, { what, hint }: ForeignFile): Error {
  return badWeights(file, `it is ${what}`, hint);
}

/** How much is read at a time. */
const BLOCK = 2 ** 24;

async function readBytes(
  file: string,
  { read }: ReadWeightFileOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  // Nothing is looked for beside a file that is one of the system's own.
  await naming(file, () => checkRegular(file));
  return await (read ? read(file, readWhole) : readWhole(file));
}

/** Does some work; its errors say which file of weights it was. */
async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw badWeights(file, reasonOf(cause, file), "check the path");
  }
}

/** Does as `Deno.readFile`, which takes twice the file's size in memory. */
function readWhole(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return naming(file, async () => {
    using handle = await Deno.open(file);
    const bytes = new Uint8Array((await handle.stat()).size);
    for (let done = 0; done < bytes.length;) {
      const count = await handle.read(bytes.subarray(done, done + BLOCK));
      if (count === null) return bytes.subarray(0, done);
      done += count;
    }
    return bytes;
  });
}
