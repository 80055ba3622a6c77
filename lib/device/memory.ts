/**
 * How much memory the device in use has taken.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { CpuBackend } from "./cpu/backend.ts";
import { MOST_BYTES } from "./cpu/memory.ts";
import { GpuBackend } from "./webgpu/backend.ts";

/** A device's memory, in bytes. */
export interface DeviceMemory {
  /** What was taken for tensors at once, at most. */
  taken: number;
  /** What can be taken; null if the device doesn't tell. */
  limit: number | null;
}

/** The memory of the device that tfjs computes on. */
export function deviceMemory(): DeviceMemory {
  const backend: unknown = tf.backend();
  if (backend instanceof CpuBackend) {
    return { taken: backend.arenaBytes, limit: MOST_BYTES };
  }
  const taken = backend instanceof GpuBackend
    ? backend.mostBytes
    : tf.memory().numBytes;
  return { taken, limit: null };
}
