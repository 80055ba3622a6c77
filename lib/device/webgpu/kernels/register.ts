/**
 * Registers kernels with tfjs under the GPU device's name.
 *
 * @module
 */
import type { NamedOp } from "../../define_op.ts";
import {
  type DeviceKernel,
  type OpKernels,
  registerKernel,
  registerOp,
} from "../../register.ts";
import { GPU, type GpuBackend } from "../backend.ts";

/** A kernel of the GPU device. */
export type GpuKernel<Attributes> = DeviceKernel<GpuBackend, Attributes>;

/** Registers the kernels of an op: see {@link registerOp}. */
export function registerGpuOp<Attributes>(
  op: NamedOp<Attributes>,
  kernels: OpKernels<GpuBackend, Attributes>,
): void {
  registerOp(GPU, op, kernels);
}

/** Registers one kernel. */
export function registerGpuKernel<Attributes>(
  name: string,
  kernel: GpuKernel<Attributes>,
): void {
  registerKernel(GPU, name, kernel);
}
