/**
 * Reads a weight file of any known format, told by its first bytes.
 *
 * @module
 */
import type { NamedArrays } from "./arrays.ts";
import { badWeights } from "./bad_weights.ts";
import { isMxnet, readMxnet } from "./mxnet.ts";

/**
 * Reads a weight file.
 *
 * @param file Its path.
 * @return Its arrays as floats, under the file's own names. Read only: arrays
 *     may share memory.
 * @throws UserError `bad-weights` if it cannot be read or is of no known format.
 */
export async function readWeightFile(file: string): Promise<NamedArrays> {
  const bytes = await readBytes(file);
  if (isMxnet(bytes)) return readMxnet(bytes, file);
  throw badWeights(file, "it is of no known format");
}

async function readBytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(file);
  } catch (cause) {
    throw badWeights(file, (cause as Error).message, "check the path");
  }
}
