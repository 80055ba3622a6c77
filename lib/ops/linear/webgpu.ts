import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import { numbered } from "../../device/webgpu/kernels/kernel.ts";
import { registerGpuOp } from "../../device/webgpu/kernels/register.ts";
import { productSlices } from "../../device/webgpu/product/product.ts";
import { MOST_STEP } from "../../device/webgpu/product/tile.ts";
import { type Activation, linearDefinition } from "./reference.ts";
import { ACTIVATION_CODE } from "./wgsl/activations.ts";
import type { LayerConstants } from "./wgsl/layer_code.ts";
import {
  layersForward,
  layersInput,
  layersWeights,
} from "./wgsl/layer_kernels.ts";
import {
  gradientTensors,
  type Sizes,
  sumSlices,
  weightsSize,
} from "./wgsl/layer_sums.ts";

/** What the layers side by side compute from. */
export interface Layers {
  /** [T, K]. */
  x: TensorInfo;
  /** [H, K] each. */
  weights: readonly TensorInfo[];
  activation: Activation;
}

/**
 * Linear layers side by side.
 *
 * @param backend The device.
 * @param layers The layers, with their biases.
 * @return y, and if there is an activation what its slope is told from.
 */
export function forwardLayers(
  backend: GpuBackend,
  layers: Layers & { biases: readonly TensorInfo[] },
): TensorInfo[] {
  const { x, weights, biases, activation } = layers;
  const sizes = sizesOf(layers);
  const y = backend.output([sizes.rows, sizes.width]);
  const keeps = ACTIVATION_CODE[activation].toKeep !== undefined;
  const kept = keeps
    ? backend.output(y.shape)
    : activation === "none"
    ? undefined
    : backend.alias(y, y.shape);
  const constants = constantsOf(layers);
  backend.runProduct({
    name: "linear.forward",
    kernelOf: (tile) => layersForward({ ...constants, ...tile }),
    tensors: {
      x,
      ...numbered("weight", weights),
      ...numbered("bias", biases),
      y,
      ...(keeps ? { kept: kept! } : {}),
    },
    uniforms: sizes,
    size: {
      rows: sizes.rows,
      columns: sizes.width,
      inner: sizes.features,
    },
  });
  return kept ? [y, kept] : [y];
}

/**
 * The gradients of linear layers side by side.
 *
 * @param backend The device.
 * @param layers The layers, with the gradient of y and what the forward pass
 *   kept.
 * @return Those of x, of the weights and of the biases.
 */
export function layersGradient(
  backend: GpuBackend,
  layers: Layers & { dy: TensorInfo; kept?: TensorInfo | undefined },
): TensorInfo[] {
  const { x, weights, dy, kept } = layers;
  const sizes = sizesOf(layers);
  const constants = constantsOf(layers);
  const slope: Record<string, TensorInfo> = kept ? { dy, kept } : { dy };

  const dx = backend.output(x.shape);
  backend.runProduct({
    name: "linear.dx",
    kernelOf: (tile) => layersInput({ ...constants, ...tile }),
    tensors: { ...slope, ...numbered("weight", weights), dx },
    uniforms: sizes,
    size: {
      rows: sizes.rows,
      columns: sizes.features,
      inner: sizes.width,
    },
  });

  const gradients = gradientTensors(backend, weights);
  const size = weightsSize(sizes);
  const slices = productSlices(size);
  const split = slices > 1;
  const partial: Record<string, TensorInfo> = split
    ? {
      sliceWeights: backend.output([slices, sizes.width, sizes.features]),
      sliceBiases: backend.output([slices, sizes.width]),
    }
    : {};
  backend.runProduct({
    name: "linear.dW",
    kernelOf: (tile) => layersWeights({ ...constants, ...tile, split }),
    tensors: { ...slope, x, ...(split ? partial : gradients) },
    uniforms: sizes,
    size,
  });
  if (split) {
    const { sliceWeights, sliceBiases } = partial;
    sumSlices(backend, gradients, {
      weights: sliceWeights,
      biases: sliceBiases,
      biasRows: { first: 0, count: slices },
    });
    for (const { dataId } of [sliceWeights, sliceBiases]) {
      backend.disposeData(dataId);
    }
  }
  return [dx, ...Object.values(gradients)];
}

function sizesOf({ x, weights }: Layers): Sizes {
  const [layer, features] = weights[0].shape;
  const width = weights.length * layer;
  return { rows: x.shape[0], width, layer, features };
}

/** What the kernels of layers are made for. */
export function constantsOf(
  { weights, activation }: Pick<Layers, "weights" | "activation">,
): LayerConstants {
  const [layer, features] = weights[0].shape;
  const vectors = layer % 4 === 0 && features % 4 === 0;
  const whole = layer % MOST_STEP === 0 && features % MOST_STEP === 0;
  return { layers: weights.length, vectors, activation, whole };
}

registerGpuOp(linearDefinition, {
  forward: (backend, { x, weight, bias }, { activation }) =>
    forwardLayers(backend, {
      x,
      weights: [weight],
      biases: [bias],
      activation,
    }),
  gradient: (backend, { dy, x, weight, residual0 }, { activation }) =>
    layersGradient(backend, {
      dy,
      x,
      weights: [weight],
      activation,
      kept: residual0,
    }),
});
