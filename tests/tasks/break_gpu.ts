/** Preloaded into a task: destroys its GPU soon after the first checkpoint. */

let device: GPUDevice | undefined;
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
  if (--reads === 0) device?.destroy();
  return mapAsync.apply(this, args);
};
