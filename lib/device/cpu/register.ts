/**
 * Registers kernels with tfjs under the CPU device's name.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { GradientAttributes, NamedOp } from "../define_op.ts";
import { CPU, type CpuBackend } from "./backend.ts";

/** What a kernel computes: tensors from tensors. */
export type CpuKernel<Attributes> = (
  backend: CpuBackend,
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
export function registerCpuOp<Attributes>(
  { name }: NamedOp<Attributes>,
  kernels: {
    forward: CpuKernel<Attributes>;
    gradient: CpuKernel<Attributes & GradientAttributes>;
  },
): void {
  registerCpuKernel(name, kernels.forward);
  registerCpuKernel(`${name}Gradient`, kernels.gradient);
}

/** Registers one kernel. */
export function registerCpuKernel<Attributes>(
  kernelName: string,
  kernel: CpuKernel<Attributes>,
): void {
  tf.registerKernel({
    kernelName,
    backendName: CPU,
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel(
        backend as CpuBackend,
        inputs as Record<string, tf.TensorInfo>,
        attrs as unknown as Attributes,
      ),
  });
}
