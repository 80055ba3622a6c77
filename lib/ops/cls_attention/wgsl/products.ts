/**
 * The WGSL of the products of attention where only `<cls>` asks: one for each
 * head, of all examples.
 *
 *     features   y = z Wv^T + kept bv         [B, H] [d, H] -> [B, d]
 *                dq = du Wk^T
 *     weights    dWk = q^T du                 [B, d] [B, H] -> [d, H]
 *                dWv = dy^T z,  dbv = dy^T kept
 *
 * @module
 */
import {
  type Kernel,
  kernelVariants,
} from "../../../device/webgpu/kernels/kernel.ts";
import { productCode } from "../../../device/webgpu/product/product.ts";
import type { Tile } from "../../../device/webgpu/product/tile.ts";
import { bindings, loader, put } from "../../linear/wgsl/layer_code.ts";

/** What the kernels are made for. */
export interface HeadConstants {
  /** Whether H and d are multiples of 4. */
  vectors: boolean;
}

/** What they are told. */
const SIZES = {
  /** B. */
  examples: "u32",
  heads: "u32",
  /** d. */
  depth: "u32",
  /** H. */
  width: "u32",
  inner: "u32",
  chunk: "u32",
} as const;

/** Rows of [B, 2, heads, H]. */
const SUMS_ROWS = "(2u * u.heads * u.examples)";

/** What a head's features are made of: its row of [B, 2, heads, H]. */
function sumsLoader(name: string, array: string, vectors: boolean): string {
  return loader(name, {
    array,
    rows: SUMS_ROWS,
    columns: "u.width",
    vectors,
    terms: "rows",
  });
}

/** Reads y's or u's sums and the weight; writes [B, H], with a bias or none. */
export const headFeatures = kernelVariants(
  (constants: HeadConstants & { biased: boolean } & Tile): Kernel => {
    const { vectors, biased } = constants;
    const bias = vectors
      ? "bias[at / 4u]"
      : "vec4<f32>(bias[at], bias[at + 1u], bias[at + 2u], bias[at + 3u])";
    const operand = { columns: "u.width", vectors, terms: "columns" } as const;
    const weightRows = "(u.heads * u.depth)";
    return {
      name: "attention.cls.features",
      reads: {
        ...bindings(["sums", "weight"], vectors),
        ...(biased ? { ...bindings(["bias"], vectors), kepts: "f32" } : {}),
      },
      writes: bindings(["y"], vectors),
      // Which of the sums, too.
      uniforms: { ...SIZES, kind: "u32" },
      code: `
${loader("sums4", { array: "sums", rows: SUMS_ROWS, ...operand })}
${loader("weight4", { array: "weight", rows: weightRows, ...operand })}
fn a4(row: u32, column: u32) -> vec4<f32> {
  return sums4((2u * row + u.kind) * u.heads + batch, column);
}
fn b4(row: u32, column: u32) -> vec4<f32> {
  return weight4(batch * u.depth + row, column);
}
fn store4(row: u32, column: u32, head: u32, product: vec4<f32>) {
  if (row >= u.examples) { return; }
  let at = head * u.depth + column;
  var values = product;
  ${biased ? `values += kepts[row * u.heads + head] * ${bias};` : ""}
  ${
        put("y", {
          at: "row * u.heads * u.depth + at",
          columns: "u.depth",
          vectors,
        })
      }
}
${
        productCode(constants, {
          aAlongInner: true,
          bAlongInner: true,
          batched: true,
        })
      }`,
    };
  },
);

/**
 * Reads q, dy and the sums with their gradients; writes the gradients of both
 * weights, and of the values' bias: as if z had a feature more.
 */
export const headWeights = kernelVariants(
  (constants: HeadConstants & Tile): Kernel => {
    const { vectors } = constants;
    const operand = {
      rows: "u.examples",
      columns: "(u.heads * u.depth)",
      vectors,
      terms: "rows",
    } as const;
    const putWeight = (array: string) =>
      put(array, {
        at: "weight * u.width + column",
        columns: "u.width",
        vectors,
      });
    return {
      name: "attention.cls.dW",
      reads: {
        ...bindings(["query", "dy", "sums", "dSums"], vectors),
        kepts: "f32",
      },
      writes: {
        ...bindings(["keyWeight", "valueWeight"], vectors),
        valueBias: "f32",
      },
      uniforms: SIZES,
      code: `
${loader("query4", { array: "query", ...operand })}
${loader("dy4", { array: "dy", ...operand })}
${sumsLoader("sums4", "sums", vectors)}
${sumsLoader("dSums4", "dSums", vectors)}
// Products of keys, then of values.
fn isKey(product: u32) -> bool { return product < u.heads; }
fn a4(row: u32, column: u32) -> vec4<f32> {
  if (isKey(batch)) { return query4(row, batch * u.depth + column); }
  return dy4(row, (batch - u.heads) * u.depth + column);
}
fn b4(row: u32, column: u32) -> vec4<f32> {
  if (isKey(batch)) { return dSums4(2u * row * u.heads + batch, column); }
  let values = sums4(2u * row * u.heads + batch, column);
  let kept = select(
    0.0,
    kepts[row * u.heads + batch - u.heads],
    row < u.examples,
  );
  let columns = vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u);
  return select(values, vec4<f32>(kept), columns == vec4<u32>(u.width));
}
fn store4(row: u32, column: u32, product: u32, values: vec4<f32>) {
  if (row >= u.depth) { return; }
  if (isKey(product)) {
    let weight = product * u.depth + row;
    ${putWeight("keyWeight")}
    return;
  }
  let weight = (product - u.heads) * u.depth + row;
  ${putWeight("valueWeight")}
  ${
        [0, 1, 2, 3].map((i) =>
          `if (column + ${i}u == u.width) { valueBias[weight] = values[${i}]; }`
        ).join("\n  ")
      }
}
${
        productCode(constants, {
          aAlongInner: false,
          bAlongInner: false,
          batched: true,
        })
      }`,
    };
  },
);
