/**
 * Preloaded into a task: breaks its GPU soon after the first checkpoint. Asked
 * for as `break_gpu.ts?by=FAULT`:
 *
 * - `destroy` destroys the device;
 * - `memory` takes 8 GB of its memory, which must be limited to less.
 */

const fault = new URL(import.meta.url).searchParams.get("by");

let device: GPUDevice;
const { requestDevice } = GPUAdapter.prototype;
GPUAdapter.prototype.requestDevice = async function (descriptor) {
  return device = await requestDevice.call(this, descriptor);
};

/** Reads of a step until the GPU breaks. */
let reads = Infinity;
const { rename } = Deno;
Deno.rename = async (from, to) => {
  await rename(from, to);
  if (String(to).includes("checkpoints")) reads = Math.min(reads, 1);
};

const { mapAsync } = GPUBuffer.prototype;
GPUBuffer.prototype.mapAsync = function (...args) {
  if (--reads === 0) breakDevice();
  return mapAsync.apply(this, args);
};

/** Kept, so that their memory is. */
const taken: GPUBuffer[] = [];

function breakDevice(): void {
  if (fault === "destroy") return device.destroy();
  const [size, usage] = [100e6, GPUBufferUsage.STORAGE];
  while (taken.length < 80) taken.push(device.createBuffer({ size, usage }));
}
