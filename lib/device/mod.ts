/**
 * Opens what computes: a GPU by WebGPU, or the CPU. Both run the same tfjs
 * program; a run differs between them by rounding alone.
 *
 * @module
 */
import { openCpu } from "./cpu.ts";
import { type GpuOptions, openGpu } from "./gpu.ts";
import type { CpuOptions } from "./native/backend.ts";

/** Which device is asked for. */
export type DeviceKind = "auto" | "webgpu" | "cpu";

/** An open device; all tensors live on it from then on. */
export interface Device {
  /** What it is: a GPU by WebGPU, or the CPU. */
  readonly kind: "webgpu" | "cpu";
  /** In words, as `cpu (2 threads, no BLAS)`. */
  readonly description: string;
  /**
   * What the bits of its results depend on, as its threads: two runs that
   * agree in all of it compute the same.
   */
  readonly arithmetic: Readonly<Record<string, string | number>>;
  /**
   * Throws the first error that the device met, if any. A GPU's errors arrive
   * later than the call that caused them.
   */
  check(): void;
  /**
   * Finds the fastest kernels for what has been run. Call it after the first
   * step; it changes no bit of what is computed.
   */
  tune(): Promise<void>;
  /** The forms of kernels that were found fastest, by kernel and size. */
  tuned(): Record<string, string>;
  /** Takes such forms over; what is no form's name changes nothing. */
  adopt(tuned: Readonly<Record<string, string>>): void;
}

/** How the device computes, whichever it is. */
export interface DeviceOptions extends CpuOptions, GpuOptions {}

/**
 * Opens a device and makes it the one that tfjs computes on.
 *
 * `auto` takes a hardware GPU if there is one and the CPU otherwise; a
 * software adapter, which is slower than the CPU itself, is taken for
 * `webgpu` alone.
 *
 * @param kind Which device.
 * @param options How it computes.
 * @throws {UserError} If `webgpu` is asked for and there is no adapter.
 *
 * @example
 * ```ts
 * import { openDevice } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const device = await openDevice("cpu");
 * assertEquals(device.kind, "cpu");
 * ```
 */
export async function openDevice(
  kind: DeviceKind,
  options: DeviceOptions = {},
): Promise<Device> {
  const gpu = kind === "cpu"
    ? undefined
    : await openGpu(kind === "webgpu", options);
  return gpu ?? await openCpu(options);
}
