/**
 * The WGSL of projected look-ups that moves rows: from P to y, and from the
 * gradients of x and y to D (see wgsl.ts).
 *
 * @module
 */
import {
  defineKernel,
  type Kernel,
  kernelVariants,
} from "../../../device/webgpu/kernels/kernel.ts";
import {
  eachUnit,
  UNIT_UNIFORMS,
} from "../../../device/webgpu/kernels/row_units.ts";
import { sumOfRow, TABLE_UNIFORMS } from "../../embedding/wgsl.ts";
import {
  bindings,
  type LayerConstants,
  names,
  ofLayer,
} from "../../linear/wgsl/layer_code.ts";

/** What the kernels of rows are made for. */
type RowConstants = Pick<LayerConstants, "layers" | "vectors">;

/** Reads P and what to look up; writes y. */
export const lookUpProjections = kernelVariants(
  ({ layers, vectors }: RowConstants): Kernel => ({
    name: "projected_embedding",
    reads: {
      ...bindings(["projected", ...names("bias", layers)], vectors),
      tokenRows: "i32",
      segmentRows: "i32",
      positionRows: "i32",
    },
    writes: bindings(["y"], vectors),
    // A layer's width in units, too.
    uniforms: { ...UNIT_UNIFORMS, ...TABLE_UNIFORMS, layer: "u32" },
    code: `
fn biasAt(unit: u32) -> ${vectors ? "vec4<f32>" : "f32"} {
  ${ofLayer(layers, "unit", (i, unit) => `return bias${i}[${unit}];`)}
}
${
      eachUnit(`
  let token = u32(tokenRows[row]);
  let segment = u.tokens + u32(segmentRows[row]);
  let position = u.tokens + u.segments + u32(positionRows[row]);
  y[i] = projected[token * u.units + unit] +
    projected[segment * u.units + unit] +
    projected[position * u.units + unit] + biasAt(unit);`)
    }`,
  }),
);

/** Reads both gradients; writes the sums of each chunk's rows of both. */
export const sumBothChunks = kernelVariants(
  ({ vectors }: Pick<RowConstants, "vectors">) => {
    const element = vectors ? "vec4<f32>" : "f32";
    const addUses = (dy: string, units: string, unit: string) => `
    for (var n = chunks[row]; n < end; n++) {
      sum += ${dy}[u32(uses[n]) * ${units} + ${unit}];
    }`;
    return defineKernel({
      name: "projected_embedding.chunks",
      reads: { dx: element, dy: element, uses: "i32", chunks: "i32" },
      writes: { sums: element },
      // Units of y's rows, too; the others are x's.
      uniforms: { ...UNIT_UNIFORMS, width: "u32" },
      code: eachUnit(`
  var sum = ${element}();
  let end = chunks[row + 1u];
  if (unit < u.width) {${addUses("dy", "u.width", "unit")}
  } else {${addUses("dx", "(u.units - u.width)", "unit - u.width")}
  }
  sums[i] = sum;`),
    });
  },
);

/**
 * Reads the sums of chunks; writes D, and zeros for the positions that are not
 * in use.
 */
export const sumBothRows = kernelVariants(
  ({ vectors }: Pick<RowConstants, "vectors">) => {
    const element = vectors ? "vec4<f32>" : "f32";
    return defineKernel({
      name: "projected_embedding.rows",
      reads: { sums: element, chunksOfRows: "i32" },
      writes: { rowSums: element, position: element },
      // Units of y's rows, too.
      uniforms: { ...UNIT_UNIFORMS, ...TABLE_UNIFORMS, width: "u32" },
      code: `${sumOfRow(element)}
${
        eachUnit(`
  let others = u.tokens + u.segments;
  if (row < others + u.positions) {
    rowSums[i] = sumOfRow(row, unit);
  } else if (unit >= u.width) {
    let at = (row - others) * (u.units - u.width) + unit - u.width;
    position[at] = ${element}();
  }`)
      }`,
    });
  },
);
