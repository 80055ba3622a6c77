/**
 * Gathers the elements of an array that lie apart in memory.
 *
 * @module
 */
import { elementCount } from "./arrays.ts";

/** Where an array's elements lie, all counted in elements. */
export interface Strided {
  /** The extent of each dimension. */
  shape: readonly number[];
  /** The distance from one element of a dimension to the next. */
  strides: readonly number[];
  /** The first element. */
  offset: number;
}

/**
 * The elements of an array, row-major.
 *
 * @param elements All elements in memory; those of the array are among them.
 * @param layout The layout of those.
 * @return A view where they lie row-major already, a copy otherwise.
 *
 * @example
 * ```ts
 * import { gather } from "./strided.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const columnsFirst = { shape: [2, 3], strides: [1, 2], offset: 0 };
 * assertEquals(
 *   gather(new Float32Array([1, 4, 2, 5, 3, 6]), columnsFirst),
 *   new Float32Array([1, 2, 3, 4, 5, 6]),
 * );
 * ```
 */
export function gather(elements: Float32Array, layout: Strided): Float32Array {
  const { shape, strides, offset } = layout;
  const count = elementCount(shape);
  if (count === 0 || isRowMajor(layout)) {
    return elements.subarray(offset, offset + count);
  }
  // Bits are copied, since a NaN need not survive a float register.
  const bits = new Uint32Array(
    elements.buffer,
    elements.byteOffset,
    elements.length,
  );
  const data = new Uint32Array(count);
  const index = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < count; to++) {
    data[to] = bits[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return new Float32Array(data.buffer);
}

/** Whether the elements follow each other; axes of extent 1 do not matter. */
function isRowMajor({ shape, strides }: Strided): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}
