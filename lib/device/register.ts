/**
 * Registers kernels with tfjs under a device's name.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { GradientAttributes, NamedOp } from "./define_op.ts";

/** What a kernel computes: tensors from tensors. */
export type DeviceKernel<Backend, Attributes> = (
  backend: Backend,
  inputs: Record<string, tf.TensorInfo>,
  attributes: Attributes,
) => tf.TensorInfo | tf.TensorInfo[];

/** The kernels of an op on a device. */
export interface OpKernels<Backend, Attributes> {
  /** The value, and what residuals the gradient needs. */
  forward: DeviceKernel<Backend, Attributes>;
  /** The gradients of the inputs. */
  gradient: DeviceKernel<Backend, Attributes & GradientAttributes>;
}

/**
 * Registers the kernels of an op.
 *
 * @param backendName The device's name.
 * @param op Its definition, or its name alone.
 * @param kernels For its value and its gradient.
 */
export function registerOp<Backend, Attributes>(
  backendName: string,
  { name }: NamedOp<Attributes>,
  { forward, gradient }: OpKernels<Backend, Attributes>,
): void {
  registerKernel(backendName, name, forward);
  registerKernel(backendName, `${name}Gradient`, gradient);
}

/**
 * Registers one kernel.
 *
 * @param backendName The device's name.
 * @param kernelName The kernel's.
 * @param kernel What it computes.
 */
export function registerKernel<Backend, Attributes>(
  backendName: string,
  kernelName: string,
  kernel: DeviceKernel<Backend, Attributes>,
): void {
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel(
        backend as unknown as Backend,
        inputs as Record<string, tf.TensorInfo>,
        (attrs ?? {}) as unknown as Attributes,
      ),
  });
}
