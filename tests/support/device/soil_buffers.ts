/** A GPU whose memory is not zero, as it is once it has been used for a while. */
import * as tf from "@tensorflow/tfjs";
import type { GpuBackend } from "../../../lib/device/webgpu/backend.ts";

/**
 * From now on until it is disposed, fills each buffer of the current GPU with
 * NaN when it is made, and again before a tensor gets it: what reads what
 * nobody has written shows.
 */
export function soilBuffers(): Disposable {
  const { bufferManager: pool, device } = tf.backend() as unknown as GpuBackend;
  const soil = (buffer: GPUBuffer) => {
    if (!(buffer.usage & GPUBufferUsage.COPY_DST)) return buffer;
    const values = new Float32Array(buffer.size / 4).fill(NaN);
    device.queue.writeBuffer(buffer, 0, values);
    return buffer;
  };
  const acquire = pool.acquireBuffer.bind(pool);
  const create = device.createBuffer.bind(device);
  pool.acquireBuffer = (...args) => soil(acquire(...args));
  device.createBuffer = (...args) => soil(create(...args));
  return {
    [Symbol.dispose]() {
      pool.acquireBuffer = acquire;
      device.createBuffer = create;
    },
  };
}
