/**
 * The WGSL of projected look-ups. The rows of the three tables in use are one
 * matrix X [R, K], read where they are, and W [N, K] the layers' weights one
 * above the other:
 *
 *     forward   P = X W^T         y[t] = P[token] + P[segment] + P[position] + b
 *     tables    D = [sums of dy | sums of dx], a row for each of X: [R, N + K]
 *               dX = D[:, :N] W + D[:, N:]
 *     weights   dW = D[:, :N]^T X    db = the sum of D's rows of segments
 *
 * Each token has one segment, so that db is the sum over all tokens. Here are the
 * products; wgsl_rows.ts has the sums.
 *
 * @module
 */
import {
  type Kernel,
  kernelVariants,
} from "../../../device/webgpu/kernels/kernel.ts";
import { productCode } from "../../../device/webgpu/product/product.ts";
import type { Tile } from "../../../device/webgpu/product/tile.ts";
import { TABLE_UNIFORMS } from "../../embedding/wgsl.ts";
import {
  bindings,
  type LayerConstants,
  loader,
  names,
  type Operand,
  put,
  termsOf,
  weightLoader,
} from "../../linear/wgsl/layer_code.ts";

const TABLES = ["token", "segment", "position"];

/** What the products are told. */
const SIZES = {
  ...TABLE_UNIFORMS,
  /** N. */
  width: "u32",
  /** H. */
  layer: "u32",
  /** K. */
  features: "u32",
  /** Columns of D, N + K. */
  stride: "u32",
  /** Terms of a product, and of a slice of it. */
  inner: "u32",
  chunk: "u32",
} as const;

/** WGSL for the table that row `row` of X is in, and its row there. */
function ofTable(code: (table: string, row: string) => string): string {
  const [token, segment, position] = TABLES;
  return `
  if (row < u.tokens) { ${code(token, "row")} }
  let below = row - u.tokens;
  if (below < u.segments) { ${code(segment, "below")} }
  ${code(position, "(below - u.segments)")}`;
}

/** `table4(row, column)`: four elements of a row of X. */
function tableLoader(
  { vectors }: LayerConstants,
  terms: Operand["terms"],
): string {
  const loaders = TABLES.map((array) =>
    loader(`load_${array}`, {
      array,
      rows: `u.${array}s`,
      columns: "u.features",
      vectors,
      terms,
    })
  ).join("");
  return `${loaders}
fn table4(row: u32, column: u32) -> vec4<f32> {${
    ofTable((table, row) => `return load_${table}(${row}, column);`)
  }
}`;
}

/** A loader of D's first N columns, or of more of them. */
function sumsLoader(
  name: string,
  { vectors }: LayerConstants,
  terms?: Operand["terms"],
): string {
  return loader(name, {
    array: "sums",
    // Of the product whose terms they are; no other asks.
    rows: "u.inner",
    columns: "u.width",
    stride: "u.stride",
    vectors,
    terms,
  });
}

/** Reads the tables and weights; writes P, [R, N]. */
export const projectTables = kernelVariants(
  (constants: LayerConstants & Tile): Kernel => {
    const { layers, vectors } = constants;
    const terms = termsOf(constants, "columns");
    return {
      name: "projected_embedding.tables",
      reads: bindings([...TABLES, ...names("weight", layers)], vectors),
      writes: bindings(["projected"], vectors),
      uniforms: SIZES,
      code: `
${tableLoader(constants, terms)}
${weightLoader(constants, terms)}
fn a4(row: u32, column: u32) -> vec4<f32> { return table4(row, column); }
fn b4(row: u32, column: u32) -> vec4<f32> { return weight4(row, column); }
fn store4(row: u32, column: u32, slice: u32, values: vec4<f32>) {
  if (row >= u.tokens + u.segments + u.positions) { return; }
  ${
        put("projected", {
          at: "row * u.width + column",
          columns: "u.width",
          vectors,
        })
      }
}
${productCode(constants, { aAlongInner: true, bAlongInner: true })}`,
    };
  },
);

/** Reads D and the weights; writes the gradients of the tables. */
export const tablesGradient = kernelVariants(
  (constants: LayerConstants & Tile): Kernel => {
    const { layers, vectors } = constants;
    return {
      name: "projected_embedding.gradient",
      reads: bindings(["sums", ...names("weight", layers)], vectors),
      writes: bindings(TABLES, vectors),
      uniforms: SIZES,
      code: `
${sumsLoader("sums4", constants, termsOf(constants, "columns"))}
${sumsLoader("direct4", constants)}
${weightLoader(constants, termsOf(constants, "rows"))}
fn a4(row: u32, column: u32) -> vec4<f32> { return sums4(row, column); }
fn b4(row: u32, column: u32) -> vec4<f32> { return weight4(row, column); }
fn store4(row: u32, column: u32, slice: u32, product: vec4<f32>) {
  if (row >= u.tokens + u.segments + u.positions) { return; }
  let values = product + direct4(row, u.width + column);${
        ofTable((table, row) =>
          `${
            put(table, {
              at: `${row} * u.features + column`,
              columns: "u.features",
              vectors,
            })
          } return;`
        )
      }
}
${productCode(constants, { aAlongInner: true, bAlongInner: false })}`,
    };
  },
);

/** Reads D and the tables; writes slices of the gradient of W, [slices, N, K]. */
export const projectionsGradient = kernelVariants(
  (constants: LayerConstants & Tile): Kernel => {
    const { vectors } = constants;
    return {
      name: "projected_embedding.dW",
      reads: bindings(["sums", ...TABLES], vectors),
      writes: bindings(["slices"], vectors),
      uniforms: SIZES,
      code: `
${sumsLoader("sums4", constants, "rows")}
${tableLoader(constants, "rows")}
fn a4(row: u32, column: u32) -> vec4<f32> { return sums4(row, column); }
fn b4(row: u32, column: u32) -> vec4<f32> { return table4(row, column); }
fn store4(row: u32, column: u32, slice: u32, values: vec4<f32>) {
  if (row >= u.width) { return; }
  ${
        put("slices", {
          at: "(slice * u.width + row) * u.features + column",
          columns: "u.features",
          vectors,
        })
      }
}
${productCode(constants, { aAlongInner: false, bAlongInner: false })}`,
    };
  },
);
