import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../../lib/device/mod.ts";
import { readArrays } from "../../../../../lib/device/reading.ts";
import { scale } from "../../../../support/device/scale.ts";
import { webgpuTest } from "../../../../support/require.ts";

/** Counts the writes to the device while some work is done. */
async function countWrites(work: () => Promise<void>): Promise<number> {
  const { queue } = tf.backend() as unknown as { queue: GPUQueue };
  const write = queue.writeBuffer;
  let writes = 0;
  queue.writeBuffer = (...args) => {
    writes++;
    write.apply(queue, args);
  };
  try {
    await work();
  } finally {
    queue.writeBuffer = write;
  }
  return writes;
}

async function readBack(arrays: readonly Float32Array[]): Promise<void> {
  const tensors = arrays.map((array) => tf.tensor1d(array));
  assertEquals(await readArrays(tensors), arrays);
  tf.dispose(tensors);
}

const count = (from: number, size: number) =>
  Float32Array.from({ length: size }, (_, i) => from + i);

await webgpuTest("WebGPU gets a hundred arrays in one write", async () => {
  await openDevice("webgpu");
  const arrays = Array.from({ length: 100 }, (_, i) => count(1000 * i, i + 1));
  assertEquals(await countWrites(() => readBack(arrays)), 1);
});

await webgpuTest("WebGPU gets an array too large to gather", async () => {
  await openDevice("webgpu");
  const arrays = [count(1, 3), count(5, 300_000), count(7, 2)];
  assertEquals(await countWrites(() => readBack(arrays)), 2);
});

await webgpuTest("values may change once WebGPU has them", async () => {
  await openDevice("webgpu");
  const values = Float32Array.of(1, 2);
  const tensor = tf.tensor1d(values);
  scale(tensor, 3);
  values.fill(9);
  assertEquals(await readArrays([tensor]), [Float32Array.of(3, 6)]);
  tensor.dispose();
});
