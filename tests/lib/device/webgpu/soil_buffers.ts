/** A GPU whose memory is not zero, as it is once it has been used for a while. */
import * as tf from "@tensorflow/tfjs";
import type { GpuBackend } from "../../../../lib/device/webgpu/backend.ts";

/**
 * From now on until it is disposed, fills each buffer of the current GPU with
 * NaN before a tensor gets it: what reads what nobody has written shows.
 */
export function soilBuffers(): Disposable {
  const { bufferManager: pool, queue } = tf.backend() as unknown as GpuBackend;
  const acquire = pool.acquireBuffer.bind(pool);
  pool.acquireBuffer = (...args) => {
    const buffer = acquire(...args);
    queue.writeBuffer(buffer, 0, new Float32Array(buffer.size / 4).fill(NaN));
    return buffer;
  };
  return {
    [Symbol.dispose]() {
      pool.acquireBuffer = acquire;
    },
  };
}
