/**
 * Kernels with an invocation for a vector of four of each row, or an element
 * where rows are no whole number of vectors.
 *
 * @module
 */
import { eachElement, flatGroups, type Groups } from "./kernel.ts";

/** What a row is read as. */
export interface RowUnits {
  /** Vectors of four if the row is a whole number of them. */
  element: "f32" | "vec4<f32>";
  /** Units of a row. */
  units: number;
}

/**
 * The largest units that rows of a width can be read in.
 *
 * @param width Elements of a row.
 *
 * @example
 * ```ts
 * import { rowUnits } from "./row_units.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(rowUnits(12), { element: "vec4<f32>", units: 3 });
 * assertEquals(rowUnits(5), { element: "f32", units: 5 });
 * ```
 */
export function rowUnits(width: number): RowUnits {
  return width % 4 === 0
    ? { element: "vec4<f32>", units: width / 4 }
    : { element: "f32", units: width };
}

const SIZE = 256;

/** Uniforms that {@link eachUnit} reads. */
export const UNIT_UNIFORMS = { rows: "u32", units: "u32" } as const;

/** Workgroups for an invocation a unit. */
export function unitGroups(rows: number, units: number): Groups {
  return flatGroups(rows * units, SIZE);
}

/**
 * WGSL of a kernel with an invocation a unit, to be run on
 * {@link unitGroups}.
 *
 * @param code For unit `unit` of row `row`, which is unit `i` of all.
 */
export function eachUnit(code: string): string {
  return eachElement(
    SIZE,
    `if (i >= u.rows * u.units) { return; }
  let row = i / u.units;
  let unit = i % u.units;
  ${code}`,
  );
}
