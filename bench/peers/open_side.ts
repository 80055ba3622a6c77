/**
 * The devices that our own side of a comparison computes on.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import { type DeviceOptions, openDevice } from "../../lib/device/mod.ts";
import { findAdapter } from "../../lib/device/webgpu/adapter/adapter.ts";
import type { GpuBackend } from "../../lib/device/webgpu/backend.ts";

/**
 * `stock` is the WebGPU backend as TensorFlow.js has it, without our kernels:
 * there each operation is its reference, a composition of plain ones.
 */
export type SideDevice = "cpu" | "webgpu" | "stock";

/** An open device. */
export interface OpenSide {
  /** In words. */
  description: string;
  /** Kernels that a GPU has been given so far; on the CPU undefined. */
  dispatches(): number | undefined;
  /** Finds the fastest kernels for what has been run. */
  tune(): Promise<void>;
}

/**
 * Opens a device.
 *
 * @param device Which.
 * @param options How it computes.
 */
export async function openSide(
  device: SideDevice,
  options: DeviceOptions,
): Promise<OpenSide> {
  if (device === "stock") return await openStock();
  const { kind, description, tune } = await openDevice(device, options);
  const backend = tf.backend() as unknown as GpuBackend;
  return {
    description,
    dispatches: () => kind === "cpu" ? undefined : backend.dispatches,
    tune,
  };
}

async function openStock(): Promise<OpenSide> {
  // It also keeps Mesa's layer quiet, whoever asks for an adapter next.
  await findAdapter();
  await tf.setBackend("webgpu");
  const backend = tf.backend() as unknown as GpuBackend;
  const run = backend.runWebGPUProgram.bind(backend);
  let dispatches = 0;
  backend.runWebGPUProgram = (...args) => {
    dispatches++;
    return run(...args);
  };
  return {
    description: "webgpu (kernels of TensorFlow.js)",
    dispatches: () => dispatches,
    tune: () => Promise.resolve(),
  };
}
