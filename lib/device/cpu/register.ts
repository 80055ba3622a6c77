/**
 * Registers kernels with tfjs under the CPU device's name.
 *
 * @module
 */
import type { NamedOp } from "../define_op.ts";
import {
  type DeviceKernel,
  type OpKernels,
  registerKernel,
  registerOp,
} from "../register.ts";
import { CPU, type CpuBackend } from "./backend.ts";

/** A kernel of the CPU device. */
export type CpuKernel<Attributes> = DeviceKernel<CpuBackend, Attributes>;

/** Registers the kernels of an op: see {@link registerOp}. */
export function registerCpuOp<Attributes>(
  op: NamedOp<Attributes>,
  kernels: OpKernels<CpuBackend, Attributes>,
): void {
  registerOp(CPU, op, kernels);
}

/** Registers one kernel. */
export function registerCpuKernel<Attributes>(
  name: string,
  kernel: CpuKernel<Attributes>,
): void {
  registerKernel(CPU, name, kernel);
}
