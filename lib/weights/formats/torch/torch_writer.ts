/**
 * Writes a state dict as `torch.save` does since PyTorch 1.6: a zip archive of a
 * pickle and of one file for each tensor.
 *
 * @module
 */
import { bytesOf, elementCount, type NamedArrays } from "../arrays.ts";
import { type PickledTensor, writeStatePickle } from "./pickle_writer.ts";
import { storeZip } from "./stored_zip.ts";

/** The folder in the archive, which PyTorch names after the file. */
const ROOT = "model";

/**
 * Writes a state dict.
 *
 * @param arrays Its tensors; they are written as 32-bit floats in their order.
 * @return The file in sections, which view the arrays.
 * @throws {RangeError} If an array has another number of elements than its
 *     shape, or all together have 4 GiB or more.
 *
 * @example
 * ```ts
 * import { writeTorch } from "./torch_writer.ts";
 * import { readWeightFile } from "../weight_file.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await Deno.makeTempFile();
 * const bias = { shape: [2], data: Float32Array.of(1, -0.5) };
 * const content = new Blob(writeTorch(new Map([["output.bias", bias]])));
 * await Deno.writeFile(file, content.stream());
 *
 * const arrays = await readWeightFile(file);
 * assertEquals(arrays.get("output.bias")?.data, bias.data);
 * await Deno.remove(file);
 * ```
 */
export function writeTorch(arrays: NamedArrays): Uint8Array<ArrayBuffer>[] {
  const tensors = new Map<string, PickledTensor>();
  const storages = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [name, array] of arrays) {
    const key = String(tensors.size);
    const { shape } = array;
    tensors.set(name, { key, shape, count: elementCount(shape) });
    storages.set(`${ROOT}/data/${key}`, bytesOf(name, array));
  }
  const text = (value: string) => new TextEncoder().encode(value);
  return storeZip(
    new Map([
      [`${ROOT}/data.pkl`, writeStatePickle(tensors)],
      [`${ROOT}/byteorder`, text("little")],
      ...storages,
      [`${ROOT}/version`, text("3\n")],
    ]),
  );
}
