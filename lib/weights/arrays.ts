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
  data: Float32Array;
}

/** Arrays by name, in the file's order. */
export type NamedArrays = Map<string, FloatArray>;

/** The number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
