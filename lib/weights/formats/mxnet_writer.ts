/**
 * Writes MXNet's NDArray list, as `save_parameters` of MXNet 1.9 does with NumPy's
 * shapes on: records of version 3, then their names.
 *
 * @module
 */
import { bytesOf, type NamedArrays } from "./arrays.ts";

const LIST_MAGIC = 0x112n;
const V3 = 0xf993faca;
/** `type_flag` of 32-bit floats, device type of the CPU, storage of all values. */
const [FLOAT32, CPU, DENSE] = [0, 1, 0];

/**
 * Writes an NDArray list.
 *
 * @param arrays The arrays; they are written as 32-bit floats in their order.
 * @return The file in sections, which view the arrays.
 * @throws {RangeError} If an array has another number of elements than its
 *     shape.
 *
 * @example
 * ```ts
 * import { readMxnet } from "./mxnet.ts";
 * import { writeMxnet } from "./mxnet_writer.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bias = { shape: [2], data: Float32Array.of(1, -0.5) };
 * const file = new Blob(writeMxnet(new Map([["output.bias", bias]])));
 * const arrays = readMxnet(await file.bytes(), "bias");
 * assertEquals(arrays.get("output.bias")?.data, bias.data);
 * ```
 */
export function writeMxnet(arrays: NamedArrays): Uint8Array<ArrayBuffer>[] {
  const sections = [words64(LIST_MAGIC, 0n, BigInt(arrays.size))];
  for (const [name, array] of arrays) {
    const { shape } = array;
    sections.push(
      words32(V3, DENSE, shape.length),
      words64(...shape.map(BigInt)),
      words32(CPU, 0, FLOAT32),
      bytesOf(name, array),
    );
  }
  sections.push(words64(BigInt(arrays.size)));
  for (const name of arrays.keys()) {
    const text = new TextEncoder().encode(name);
    sections.push(words64(BigInt(text.length)), text);
  }
  return sections;
}

function words32(...values: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

function words64(...values: bigint[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(BigUint64Array.from(values).buffer);
}
