/** A GPU device of a test's own, for tests that break it. */
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import { GPU, type GpuBackend } from "../../../lib/device/webgpu/backend.ts";

/**
 * Opens a new device, lends it to a function, and forgets it.
 *
 * @param use Gets the backend, which is tfjs' current one.
 */
export async function withFreshGpu(
  use: (backend: GpuBackend) => Promise<void>,
): Promise<void> {
  if (tf.findBackend(GPU)) tf.removeBackend(GPU);
  await openDevice("webgpu");
  try {
    await use(tf.backend() as unknown as GpuBackend);
  } finally {
    tf.removeBackend(GPU);
  }
}
