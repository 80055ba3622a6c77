/**
 * Named arrays, the common ground of all weight formats.
 *
 * @module
 */

/** An array of 32-bit floats, row-major. */
export interface FloatArray {
  /** The extent of each dimension; empty for a scalar. */
  shape: readonly number[];
  /** The elements; as many as the product of `shape`. */
  readonly data: Float32Array;
}

/** Arrays by name, in the file's order. */
export type NamedArrays = Map<string, FloatArray>;

/**
 * An array whose elements are made when they are first asked for, so that those
 * nobody asks for cost neither time nor memory.
 *
 * @param shape Its shape.
 * @param make Makes the elements; called once, then let go with all it holds.
 *
 * @example
 * ```ts
 * import { deferredArray } from "./arrays.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const array = deferredArray([2], () => new Float32Array([1, 2]));
 * assertEquals(array.data[1], 2);
 * ```
 */
export function deferredArray(
  shape: readonly number[],
  make: () => Float32Array,
): FloatArray {
  let data: Float32Array | null = null;
  let pending: typeof make | null = make;
  return {
    shape,
    get data() {
      data ??= pending!();
      pending = null;
      return data;
    },
  };
}

/**
 * The bytes of an array, as they lie in memory.
 *
 * @param name Its name, for the error.
 * @param array The array.
 * @return A view: read only.
 * @throws {RangeError} If it has another number of elements than its shape.
 */
export function bytesOf(
  name: string,
  { shape, data }: FloatArray,
): Uint8Array<ArrayBuffer> {
  if (elementCount(shape) !== data.length) {
    throw new RangeError(
      `array "${name}" has ${data.length} elements for shape [${shape}]`,
    );
  }
  const { buffer, byteOffset, byteLength } = data;
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** The number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
