import { assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import { readArrays, readNumbers } from "../../../lib/device/reading.ts";
import { webgpuTest } from "../../support/require.ts";

Deno.test("numbers are read in order on the CPU", async () => {
  await openDevice("cpu");
  const scalars = [1.5, 7, -2].map((value) => tf.scalar(value));
  assertEquals(await readNumbers(scalars), [1.5, 7, -2]);
  tf.dispose(scalars);
});

await webgpuTest(
  "numbers are read in order by WebGPU, computed or not",
  async () => {
    await openDevice("webgpu");
    const scalars = [
      tf.scalar(1.5),
      tf.tidy(() => tf.sum(tf.ones([7]))),
      tf.tensor1d([-2]),
    ];
    assertEquals(await readNumbers(scalars), [1.5, 7, -2]);
    tf.dispose(scalars);
    assertEquals(await readNumbers([]), []);
  },
);

await webgpuTest(
  "a thousand numbers are read by WebGPU in one go",
  async () => {
    await openDevice("webgpu");
    const { queue } = tf.backend() as unknown as { queue: GPUQueue };
    const submit = queue.submit;
    let submits = 0;
    queue.submit = (buffers) => {
      submits++;
      submit.call(queue, buffers);
    };
    const scalars = Array.from({ length: 1000 }, (_, i) => tf.scalar(i));
    const numbers = await readNumbers(scalars);
    queue.submit = submit;
    assertEquals(numbers, Array.from(scalars, (_, i) => i));
    assertLess(submits, 3);
    tf.dispose(scalars);
  },
);

await webgpuTest(
  "tensors of several sizes are read by WebGPU, in order",
  async () => {
    await openDevice("webgpu");
    const tensors = [
      tf.tensor2d([[1, 2], [3, 4]]),
      tf.zeros([0, 3]),
      tf.tidy(() => tf.add(tf.tensor1d([1, 2, 3]), 1)),
      tf.scalar(9),
    ];
    const arrays = await readArrays(tensors);
    assertEquals(arrays.map((array) => [...array]), [
      [1, 2, 3, 4],
      [],
      [2, 3, 4],
      [9],
    ]);
    tf.dispose(tensors);
  },
);
