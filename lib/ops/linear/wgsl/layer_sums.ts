/**
 * The gradients of layers' weights and biases on a GPU: sums over T, made in
 * slices and then added up.
 *
 * @module
 */
import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../../device/webgpu/backend.ts";
import {
  eachElement,
  flatGroups,
  type Kernel,
  kernelVariants,
  numbered,
} from "../../../device/webgpu/kernels/kernel.ts";
import {
  MOST_STEP,
  type ProductSize,
} from "../../../device/webgpu/product/tile.ts";
import { bindings, names } from "./layer_code.ts";

/** The sizes of layers' products. */
export type Sizes = {
  /** T. */
  rows: number;
  /** N. */
  width: number;
  /** H. */
  layer: number;
  /** K. */
  features: number;
};

/** Terms of a weight's gradient that are added in one go, more or less. */
const CHUNK = 512;
/** Tiles of 64 x 64 that are enough to keep a GPU at work. */
const ENOUGH_TILES = 2048;

/**
 * The product of the weights' gradient. Its sum over T is split where the
 * weights alone are too few to keep a GPU at work; how depends on sizes only,
 * so that every GPU adds in the same order.
 */
export function weightsSize(
  { rows, width, features }: Omit<Sizes, "layer">,
): ProductSize {
  const tiles = Math.ceil(width / 64) * Math.ceil(features / 64);
  const most = Math.ceil(ENOUGH_TILES / tiles);
  const slices = Math.max(1, Math.min(most, Math.round(rows / CHUNK)));
  return {
    rows: width,
    columns: features,
    inner: rows,
    chunk: MOST_STEP * Math.ceil(rows / slices / MOST_STEP),
  };
}

/** Invocations of a workgroup of {@link layersSum}. */
const SUM_SIZE = 64;

/**
 * Adds up the slices of the gradients, in order. Those of the biases are rows of
 * a matrix.
 */
const layersSum = kernelVariants(
  ({ layers }: { layers: number }): Kernel => ({
    name: "linear.sum",
    reads: bindings(["sliceWeights", "sliceBiases"], false),
    writes: bindings(
      [...names("dWeight", layers), ...names("dBias", layers)],
      false,
    ),
    uniforms: {
      /** N K, and N. */
      weights: "u32",
      biases: "u32",
      /** H K, and H. */
      layerWeights: "u32",
      layer: "u32",
      slices: "u32",
      /** Where the biases' first slice is, how far the next one, and how many. */
      firstBias: "u32",
      biasStride: "u32",
      biasSlices: "u32",
    },
    code: `
fn putWeight(n: u32, sum: f32) {
  ${eachLayer(layers, "u.layerWeights", "dWeight")}
}
fn putBias(n: u32, sum: f32) {
  ${eachLayer(layers, "u.layer", "dBias")}
}
${
      eachElement(
        SUM_SIZE,
        `var sum = 0.0;
  if (i < u.weights) {
    for (var p = 0u; p < u.slices; p++) { sum += sliceWeights[p * u.weights + i]; }
    putWeight(i, sum);
  } else if (i < u.weights + u.biases) {
    let n = i - u.weights;
    for (var p = 0u; p < u.biasSlices; p++) {
      sum += sliceBiases[u.firstBias + p * u.biasStride + n];
    }
    putBias(n, sum);
  }`,
      )
    }`,
  }),
);

function eachLayer(layers: number, size: string, array: string): string {
  let text = "";
  for (let i = 0; i < layers - 1; i++) {
    text += `if (n < ${i + 1}u * ${size}) ` +
      `{ ${array}${i}[n - ${i}u * ${size}] = sum; return; }\n  `;
  }
  return `${text}${array}${layers - 1}[n - ${layers - 1}u * ${size}] = sum;`;
}

/** Gradients of layers side by side: `dWeight0`, ..., `dBias0`, ... */
export type LayerGradients = Record<string, TensorInfo>;

/** Tensors for the gradients of layers, weights first. */
export function gradientTensors(
  backend: GpuBackend,
  weights: readonly TensorInfo[],
): LayerGradients {
  const output = (shape: number[]) => backend.output(shape);
  return {
    ...numbered("dWeight", weights.map(({ shape }) => output(shape))),
    ...numbered("dBias", weights.map(({ shape }) => output([shape[0]]))),
  };
}

/** Slices of layers' gradients. */
export interface LayerSlices {
  /** [slices, N, K]. */
  weights: TensorInfo;
  /** A matrix of N columns or more: the first N of some rows are the slices. */
  biases: TensorInfo;
  biasRows: { first: number; count: number };
}

/** Adds up the slices of layers' gradients, in order. */
export function sumSlices(
  backend: GpuBackend,
  gradients: LayerGradients,
  { weights, biases, biasRows }: LayerSlices,
): void {
  const [slices, width, features] = weights.shape;
  const layers = Object.keys(gradients).length / 2;
  const elements = width * features;
  const stride = biases.shape[1];
  backend.run(layersSum({ layers }), {
    tensors: { sliceWeights: weights, sliceBiases: biases, ...gradients },
    uniforms: {
      weights: elements,
      biases: width,
      layerWeights: elements / layers,
      layer: width / layers,
      slices,
      firstBias: stride * biasRows.first,
      biasStride: stride,
      biasSlices: biasRows.count,
    },
    groups: flatGroups(elements + width, SUM_SIZE),
  });
}
