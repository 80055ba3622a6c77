/**
 * Reads and writes safetensors: `u64` length, that much JSON, the data.
 * Little-endian; the format is specified in huggingface/safetensors.
 *
 * @module
 */
import { bytesOf, deferredArray, type NamedArrays } from "./arrays.ts";
import { badWeights } from "./bad_weights.ts";
import { ByteReader } from "./byte_reader.ts";
import { toFloats } from "./element_types.ts";
import { parseSafetensorsHeader } from "./safetensors_header.ts";

const MAX_HEADER_BYTES = 100_000_000;

/** What a safetensors file holds. */
export interface Safetensors {
  /** The arrays as floats, in the order of their data. */
  arrays: NamedArrays;
  /** The writer's remarks, as `format: pt`. */
  metadata: Map<string, string>;
}

/** Whether the bytes begin as a safetensors file does. */
export function isSafetensors(bytes: Uint8Array): boolean {
  return bytes.length > 8 && bytes[8] === 0x7b && bytes[6] === 0 &&
    bytes[7] === 0;
}

/**
 * Reads a safetensors file. 32-bit floats keep every bit.
 *
 * @param bytes The whole file.
 * @param file Its path, for errors.
 * @return Its arrays and remarks. The arrays may view `bytes`: read only.
 * @throws UserError `bad-weights` for anything that the format forbids.
 *
 * @example
 * ```ts
 * import { readSafetensors } from "./safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const file = "fixtures/golden/hf/model.safetensors";
 * const { arrays, metadata } = readSafetensors(await Deno.readFile(file), file);
 * assertEquals(metadata.get("format"), "pt");
 * assertEquals(arrays.get("classifier.weight")?.shape, [3, 32]);
 * ```
 */
export function readSafetensors(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): Safetensors {
  const reader = new ByteReader(bytes, file);
  const length = reader.u64("the header's length");
  if (length > MAX_HEADER_BYTES) {
    throw badWeights(
      file,
      `its header has ${length} bytes, expected at most ${MAX_HEADER_BYTES}`,
    );
  }
  const text = reader.utf8(length, "its header");
  const data = reader.bytes(reader.remaining, "data");
  const { entries, metadata } = parseSafetensorsHeader(text, data.length, file);
  const arrays: NamedArrays = new Map();
  for (const { name, type, shape, begin, end } of entries) {
    const values = data.subarray(begin, end);
    arrays.set(name, deferredArray(shape, () => toFloats(values, type)));
  }
  return { arrays, metadata };
}

/**
 * Writes a safetensors file, byte for byte as the reference implementation
 * does: by name, the header padded so that the data begin at a multiple of 8.
 *
 * @param arrays The arrays; they are written as F32, every bit kept.
 * @param metadata Remarks; without `format: pt` some readers refuse a file.
 * @return The file in pieces, header first. They view the arrays, so that a
 *     large model need not be in memory twice.
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "./safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bias = { shape: [2], data: new Float32Array([1, -0.5]) };
 * const file = new Blob(writeSafetensors(new Map([["bias", bias]])));
 * const { arrays } = readSafetensors(await file.bytes(), "bias");
 * assertEquals(arrays.get("bias"), bias);
 * ```
 */
export function writeSafetensors(
  arrays: NamedArrays,
  metadata: ReadonlyMap<string, string> = new Map([["format", "pt"]]),
): Uint8Array<ArrayBuffer>[] {
  const header = new Map<string, unknown>([
    ["__metadata__", Object.fromEntries(metadata)],
  ]);
  const data: Uint8Array<ArrayBuffer>[] = [];
  let end = 0;
  for (const name of [...arrays.keys()].sort(compareUtf8)) {
    const array = arrays.get(name)!;
    const bytes = bytesOf(name, array);
    data.push(bytes);
    const begin = end;
    end += bytes.length;
    header.set(name, {
      dtype: "F32",
      shape: array.shape,
      data_offsets: [begin, end],
    });
  }
  return [encodeHeader(header), ...data];
}

function encodeHeader(
  header: ReadonlyMap<string, unknown>,
): Uint8Array<ArrayBuffer> {
  // An object would put names such as "0" first.
  const members = [...header].map(([name, value]) =>
    `${JSON.stringify(name)}:${JSON.stringify(value)}`
  );
  const json = new TextEncoder().encode(`{${members.join()}}`);
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

/** Orders by UTF-8 bytes, that is by code point, not by UTF-16 unit. */
function compareUtf8(a: string, b: string): number {
  const [x, y] = [a, b].map((name) =>
    Array.from(name, (c) => c.codePointAt(0)!)
  );
  const at = x.findIndex((code, i) => code !== y[i]);
  return at < 0 ? x.length - y.length : x[at] - (y[at] ?? -1);
}
