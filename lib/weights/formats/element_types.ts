/**
 * The element types that weight files hold, and how each becomes 32-bit floats.
 *
 * @module
 */

/** An element type: kind and bits; `bf16` is the upper half of an `f32`. */
export type ElementType =
  | "f64"
  | "f32"
  | "f16"
  | "bf16"
  | "i64"
  | "u64"
  | "i32"
  | "u32"
  | "i16"
  | "u16"
  | "i8"
  | "u8"
  | "bool";

const BYTES: Record<ElementType, number> = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  i64: 8,
  u64: 8,
  i32: 4,
  u32: 4,
  i16: 2,
  u16: 2,
  i8: 1,
  u8: 1,
  bool: 1,
};

/** The size of one element in bytes: 1, 2, 4 or 8. */
export function elementBytes(type: ElementType): number {
  return BYTES[type];
}

/** How the elements lie in the file. */
export interface ToFloatsOptions {
  /** Whether the most significant byte comes first; false by default. */
  bigEndian?: boolean;
}

/**
 * Elements as 32-bit floats. `f32` keeps every bit, NaN payloads included;
 * wider types are rounded to the nearest float.
 *
 * @param bytes The elements: a whole number of them, at any alignment.
 * @param type Their type.
 * @param options Their byte order.
 * @return As many floats. Where the bytes can be used as they lie they are not
 *     copied, so the result is to be read only.
 *
 * @example
 * ```ts
 * import { toFloats } from "./element_types.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const half = new Uint8Array([0x00, 0x3e, 0x00, 0xc0]);
 * assertEquals(toFloats(half, "f16"), new Float32Array([1.5, -2]));
 * ```
 */
export function toFloats(
  bytes: Uint8Array<ArrayBuffer>,
  type: ElementType,
  options: ToFloatsOptions = {},
): Float32Array<ArrayBuffer> {
  const size = elementBytes(type);
  if (options.bigEndian && size > 1) {
    bytes = swapped(bytes, size);
  } else if (bytes.byteOffset % size !== 0) {
    bytes = bytes.slice();
  }
  const { buffer, byteOffset } = bytes;
  const count = bytes.length / size;
  switch (type) {
    case "f32":
      return new Float32Array(buffer, byteOffset, count);
    case "bf16": {
      const bits = new Uint32Array(new Uint16Array(buffer, byteOffset, count));
      for (let i = 0; i < count; i++) bits[i] <<= 16;
      return new Float32Array(bits.buffer);
    }
    case "f64":
      return new Float32Array(new Float64Array(buffer, byteOffset, count));
    case "f16":
      return new Float32Array(new Float16Array(buffer, byteOffset, count));
    case "i64":
      return rounded(new BigInt64Array(buffer, byteOffset, count));
    case "u64":
      return rounded(new BigUint64Array(buffer, byteOffset, count));
    case "i32":
      return new Float32Array(new Int32Array(buffer, byteOffset, count));
    case "u32":
      return new Float32Array(new Uint32Array(buffer, byteOffset, count));
    case "i16":
      return new Float32Array(new Int16Array(buffer, byteOffset, count));
    case "u16":
      return new Float32Array(new Uint16Array(buffer, byteOffset, count));
    case "i8":
      return new Float32Array(new Int8Array(buffer, byteOffset, count));
    case "u8":
    case "bool":
      return new Float32Array(bytes);
  }
}

/** Does what `Float32Array.from` does, without an object for each integer. */
function rounded(
  integers: BigInt64Array | BigUint64Array,
): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(integers.length);
  for (let i = 0; i < floats.length; i++) floats[i] = Number(integers[i]);
  return floats;
}

function swapped(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length);
  for (let start = 0; start < result.length; start += size) {
    for (let i = 0; i < size; i++) {
      result[start + i] = bytes[start + size - 1 - i];
    }
  }
  return result;
}
