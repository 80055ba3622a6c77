/**
 * Registers kernels with tfjs under the GPU device's name.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { GradientAttributes, NamedOp } from "../../define_op.ts";
import { GPU, type GpuBackend } from "../backend.ts";

/** What a kernel computes: tensors from tensors. */
export type GpuKernel<Attributes> = (
  backend: GpuBackend,
  inputs: Record<string, tf.TensorInfo>,
  attributes: Attributes,
) => tf.TensorInfo[];

/**
 * Registers the kernels of an op.
 *
 * @param op Its definition, or its name alone.
 * @param kernels The value with its residuals, and the gradients of the
 *   inputs.
 */
export function registerGpuOp<Attributes>(
  { name }: NamedOp<Attributes>,
  kernels: {
    forward: GpuKernel<Attributes>;
    gradient: GpuKernel<Attributes & GradientAttributes>;
  },
): void {
  registerGpuKernel(name, kernels.forward);
  registerGpuKernel(`${name}Gradient`, kernels.gradient);
}

/** Registers one kernel. */
export function registerGpuKernel<Attributes>(
  kernelName: string,
  kernel: GpuKernel<Attributes>,
): void {
  tf.registerKernel({
    kernelName,
    backendName: GPU,
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel(
        backend as unknown as GpuBackend,
        inputs as Record<string, tf.TensorInfo>,
        attrs as unknown as Attributes,
      ),
  });
}
