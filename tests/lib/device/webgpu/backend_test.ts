import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../lib/device/mod.ts";
import type { GpuBackend } from "../../../../lib/device/webgpu/backend.ts";
import { flatGroups } from "../../../../lib/device/webgpu/kernels/kernel.ts";
import { scale } from "../../../support/device/scale.ts";
import { webgpuTest } from "../../../support/require.ts";

async function open(): Promise<GpuBackend> {
  await openDevice("webgpu");
  return tf.backend() as unknown as GpuBackend;
}

async function valuesOf(tensor: tf.Tensor): Promise<number[]> {
  return [...await tensor.data()];
}

await webgpuTest("a kernel sees what a stock kernel has computed", async () => {
  await open();
  const x = tf.add(tf.tensor1d([1, 2, 3]), 1);
  scale(x, 2);
  assertEquals(await valuesOf(x), [4, 6, 8]);
});

await webgpuTest("a stock kernel sees what a kernel has computed", async () => {
  await open();
  const x = tf.tensor1d([1, 2, 3]);
  scale(x, 2);
  assertEquals(await valuesOf(tf.add(x, 1)), [3, 5, 7]);
});

await webgpuTest(
  "a tensor that was read is read anew after a kernel has written it",
  async () => {
    await open();
    const x = tf.tensor1d([1, 2, 3]);
    scale(x, 1);
    await x.data();
    scale(x, 5);
    assertEquals(await valuesOf(x), [5, 10, 15]);
  },
);

await webgpuTest(
  "each of many dispatches has the numbers that it was given",
  async () => {
    await open();
    const tensors = Array.from({ length: 700 }, () => tf.tensor1d([1]));
    tensors.forEach((x, i) => scale(x, i));
    const values = await Promise.all(tensors.map(valuesOf));
    assertEquals(values.flat(), Array.from(tensors, (_, i) => i));
    tf.dispose(tensors);
  },
);

await webgpuTest("a kernel reaches every element of many", async () => {
  await open();
  const count = 64 * 65536 + 5;
  const x = tf.ones([count]);
  scale(x, 3);
  const values = await x.data();
  assertEquals(values.length, count);
  assertEquals(values.every((value) => value === 3), true);
  x.dispose();
});

Deno.test("workgroups beyond what one dimension holds take two", () => {
  assertEquals(flatGroups(1, 64), [1, 1]);
  assertEquals(flatGroups(64 * 65535, 64), [65535, 1]);
  assertEquals(flatGroups(64 * 65535 + 1, 64), [32768, 2]);
});

await webgpuTest("whole numbers and truth values reach the GPU", async () => {
  await open();
  assertEquals(
    await valuesOf(
      tf.add(tf.tensor1d([1, -2], "int32"), tf.scalar(1, "int32")),
    ),
    [2, -1],
  );
  assertEquals(
    await valuesOf(tf.logicalNot(tf.tensor1d([true, false], "bool"))),
    [0, 1],
  );
});

await webgpuTest(
  "a tensor read back has as many values as before",
  async () => {
    await open();
    for (const count of [1, 65, 1000, 4099]) {
      const x = tf.ones([count]);
      scale(x, 2);
      assertEquals((await x.data()).length, count);
    }
  },
);

await webgpuTest(
  "steps of slightly different sizes use the same buffers",
  async () => {
    const backend = await open();
    const step = async (tokens: number) => {
      const sum = tf.tidy(() => {
        const x = tf.ones([tokens, 64]);
        scale(x, 2);
        return tf.sum(tf.mul(x, x));
      });
      await sum.data();
      sum.dispose();
    };
    const figures = () => [backend.buffers, backend.memory().numBytesInGPU];
    await step(1000);
    await step(960);
    const before = figures();
    for (let i = 0; i < 200; i++) await step(960 + i % 50);
    assertEquals(figures(), before);
  },
);
