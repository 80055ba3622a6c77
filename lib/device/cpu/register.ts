/**
 * Registers kernels with tfjs under the CPU device's name.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { GradientAttributes, NamedOp } from "../define_op.ts";
import { NATIVE, type NativeBackend } from "./backend.ts";

/** What a kernel computes: tensors from tensors. */
export type NativeKernel<Attributes> = (
  backend: NativeBackend,
  inputs: Record<string, tf.TensorInfo>,
  attributes: Attributes,
) => tf.TensorInfo[];

/**
 * Registers the kernels of an operation room.
 *
 * @param op Its definition, or its name alone.
 * @param kernels The value with its residuals, and the gradients of the
 *   inputs.
 */
export function registerRoom<Attributes>(
  { name }: NamedOp<Attributes>,
  kernels: {
    forward: NativeKernel<Attributes>;
    gradient: NativeKernel<Attributes & GradientAttributes>;
  },
): void {
  registerNativeKernel(name, kernels.forward);
  registerNativeKernel(`${name}Gradient`, kernels.gradient);
}

/** Registers one kernel. */
export function registerNativeKernel<Attributes>(
  kernelName: string,
  kernel: NativeKernel<Attributes>,
): void {
  tf.registerKernel({
    kernelName,
    backendName: NATIVE,
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel(
        backend as NativeBackend,
        inputs as Record<string, tf.TensorInfo>,
        attrs as unknown as Attributes,
      ),
  });
}
