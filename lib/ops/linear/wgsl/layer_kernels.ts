/**
 * The WGSL of linear layers: n of them side by side on one input, which is
 * n = 1 for the op of the linear layer itself.
 *
 *     forward   y  = f(x W^T + b)         [T, K] [N, K] -> [T, N]
 *     input     dx = dz W                 [T, N] [N, K] -> [T, K]
 *     weights   dW = dz^T x, db = sum dz  [T, N] [T, K] -> [N, K]
 *
 * with N = n H, W the weights one above the other, and dz = dy f'.
 *
 * @module
 */
import {
  type Kernel,
  kernelVariants,
} from "../../../device/webgpu/kernels/kernel.ts";
import { productCode } from "../../../device/webgpu/product/product.ts";
import type { Tile } from "../../../device/webgpu/product/tile.ts";
import { ACTIVATION_CODE } from "./activations.ts";
import {
  bindings,
  type LayerConstants,
  loader,
  names,
  ofLayer,
  put,
  slopeLoader,
  slopeReads,
  termsOf,
  weightLoader,
} from "./layer_code.ts";

/** The numbers that the kernels are told. */
const SIZES = {
  /** T. */
  rows: "u32",
  /** N. */
  width: "u32",
  /** H. */
  layer: "u32",
  /** K. */
  features: "u32",
  /** Terms of a product, and of a slice of it. */
  inner: "u32",
  chunk: "u32",
} as const;

/** Reads x, the weights and biases; writes y, and `kept` where it is needed. */
export const layersForward = kernelVariants(
  (constants: LayerConstants & Tile): Kernel => {
    const { layers, vectors, activation } = constants;
    const { activate, toKeep } = ACTIVATION_CODE[activation];
    const terms = termsOf(constants, "columns");
    const [weights, biases] = [names("weight", layers), names("bias", layers)];
    const target = {
      at: "row * u.width + column",
      columns: "u.width",
      vectors,
    };
    const biasOf = (i: number, column: string) =>
      vectors
        ? `return bias${i}[${column} / 4u];`
        : `return vec4<f32>(${
          [0, 1, 2, 3].map((j) => `bias${i}[${column} + ${j}u]`).join(", ")
        });`;
    return {
      name: "linear.forward",
      reads: bindings(["x", ...weights, ...biases], vectors),
      writes: bindings(toKeep ? ["y", "kept"] : ["y"], vectors),
      uniforms: SIZES,
      code: `
${
        loader("a4", {
          array: "x",
          rows: "u.rows",
          columns: "u.features",
          vectors,
          terms,
        })
      }
${weightLoader(constants, terms)}
fn b4(row: u32, column: u32) -> vec4<f32> { return weight4(row, column); }
${activate}
${toKeep ?? ""}
${layers === 1 || vectors ? fourBiases(layers, biasOf) : eachBias(layers)}
fn store4(row: u32, column: u32, slice: u32, z: vec4<f32>) {
  if (row >= u.rows) { return; }
  var values = activate(z);
  ${put("y", target)}
  ${toKeep ? `values = toKeep(z);\n  ${put("kept", target)}` : ""}
}
${
        productCode(constants, {
          aAlongInner: true,
          bAlongInner: true,
          begins: true,
        })
      }`,
    };
  },
);

function fourBiases(
  layers: number,
  biasOf: (i: number, column: string) => string,
): string {
  return `
fn begin4(n: u32) -> vec4<f32> {
  ${ofLayer(layers, "n", biasOf)}
}`;
}

/** Where four neighbours can belong to two layers. */
function eachBias(layers: number): string {
  return `
fn biasAt(n: u32) -> f32 {
  ${ofLayer(layers, "n", (i, n) => `return bias${i}[${n}];`)}
}
fn begin4(n: u32) -> vec4<f32> {
  return vec4<f32>(biasAt(n), biasAt(n + 1u), biasAt(n + 2u), biasAt(n + 3u));
}`;
}

/** Reads dy, `kept` and the weights; writes dx. */
export const layersInput = kernelVariants(
  (constants: LayerConstants & Tile): Kernel => {
    const { layers, vectors } = constants;
    return {
      name: "linear.dx",
      reads: bindings(
        [...slopeReads(constants), ...names("weight", layers)],
        vectors,
      ),
      writes: bindings(["dx"], vectors),
      uniforms: SIZES,
      code: `
${slopeLoader(constants, termsOf(constants, "columns"))}
${weightLoader(constants, termsOf(constants, "rows"))}
fn a4(row: u32, column: u32) -> vec4<f32> { return dz4(row, column); }
fn b4(row: u32, column: u32) -> vec4<f32> { return weight4(row, column); }
fn store4(row: u32, column: u32, slice: u32, values: vec4<f32>) {
  if (row >= u.rows) { return; }
  ${
        put("dx", {
          at: "row * u.features + column",
          columns: "u.features",
          vectors,
        })
      }
}
${productCode(constants, { aAlongInner: true, bAlongInner: false })}`,
    };
  },
);

/**
 * Reads dy, `kept` and x; writes the gradients of the weights and biases, or
 * where the sum over T is `split` their slices, [slices, N, K] and [slices, N].
 */
export const layersWeights = kernelVariants(
  (constants: LayerConstants & Tile & { split: boolean }): Kernel => {
    const { layers, vectors, split } = constants;
    const outputs = split
      ? ["sliceWeights", "sliceBiases"]
      : [...names("dWeight", layers), ...names("dBias", layers)];
    const putWeight = (array: string, row: string) =>
      put(array, {
        at: `${row} * u.features + column`,
        columns: "u.features",
        vectors,
      });
    return {
      name: "linear.dW",
      reads: bindings([...slopeReads(constants), "x"], vectors),
      writes: {
        ...bindings(outputs.slice(0, outputs.length / 2), vectors),
        ...bindings(outputs.slice(outputs.length / 2), false),
      },
      uniforms: SIZES,
      code: `
${slopeLoader(constants, "rows")}
fn a4(row: u32, column: u32) -> vec4<f32> { return dz4(row, column); }
${
        loader("b4", {
          array: "x",
          rows: "u.rows",
          columns: "u.features",
          vectors,
          terms: "rows",
        })
      }
fn store4(row: u32, column: u32, slice: u32, values: vec4<f32>) {
  if (row >= u.width) { return; }
  ${
        split ? putWeight("sliceWeights", "(slice * u.width + row)") : ofLayer(
          layers,
          "row",
          (i, row) => `${putWeight(`dWeight${i}`, row)} return;`,
        )
      }
}
fn storeSum(row: u32, slice: u32, sum: f32) {
  if (row >= u.width) { return; }
  ${
        split ? "sliceBiases[slice * u.width + row] = sum;" : ofLayer(
          layers,
          "row",
          (i, row) => `dBias${i}[${row}] = sum; return;`,
        )
      }
}
fn storeSums4(row: u32, slice: u32, sums: vec4<f32>) {
  storeSum(row, slice, sums.x);
  storeSum(row + 1u, slice, sums.y);
  storeSum(row + 2u, slice, sums.z);
  storeSum(row + 3u, slice, sums.w);
}
${
        productCode(constants, {
          aAlongInner: false,
          bAlongInner: false,
          sums: true,
        })
      }`,
    };
  },
);
