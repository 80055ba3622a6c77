import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../../../lib/base/errors.ts";
import { openDevice } from "../../../../lib/device/mod.ts";
import { defineKernel } from "../../../../lib/device/webgpu/kernels/kernel.ts";
import { withFreshGpu } from "../../../support/device/fresh_gpu.ts";
import { scale } from "../../../support/device/scale.ts";
import { webgpuTest } from "../../../support/require.ts";

await webgpuTest(
  "nothing is read after the device is destroyed",
  () =>
    withFreshGpu(async (backend) => {
      const x = tf.ones([1000]);
      scale(x, 2);
      backend.device.destroy();
      scale(x, 2);
      const error = await assertRejects(() => x.data(), UserError, "was lost");
      assertEquals(error.exitCode, 1);
      assertThrows(() => backend.check(), UserError);
    }),
);

await webgpuTest(
  "a lost device's error names the last kernels",
  () =>
    withFreshGpu(async (backend) => {
      const x = tf.ones([1000]);
      scale(x, 2);
      backend.device.destroy();
      await assertRejects(() => x.data(), UserError, "test.scale");
    }),
);

await webgpuTest(
  "an error while a tensor is read keeps it from leaving",
  () =>
    withFreshGpu(async (backend) => {
      const x = tf.ones([1000]);
      scale(x, 2);
      const read = x.data();
      backend.device.destroy();
      await assertRejects(() => read, UserError, "was lost");
    }),
);

await webgpuTest(
  "running out of memory is the first error kept",
  () =>
    withFreshGpu(async (backend) => {
      const { device } = backend;
      for (const message of ["out of memory", "a later error"]) {
        const event = new Event("uncapturederror", { cancelable: true });
        const error = new GPUOutOfMemoryError(message);
        device.dispatchEvent(Object.assign(event, { error }));
      }
      await assertRejects(
        () => tf.ones([10]).data(),
        UserError,
        "The GPU failed: out of memory",
      );
    }),
);

await webgpuTest(
  "a buffer larger than the device makes is an error",
  () =>
    withFreshGpu(async (backend) => {
      backend.device.createBuffer({
        size: 2 ** 40,
        usage: GPUBufferUsage.STORAGE,
      });
      await assertRejects(() => tf.ones([10]).data(), UserError, "Buffer size");
    }),
);

await webgpuTest(
  "a kernel that doesn't compile is named with its line",
  () =>
    withFreshGpu(async (backend) => {
      const broken = defineKernel({
        name: "test.broken",
        reads: {},
        writes: { y: "f32" },
        uniforms: { count: "u32" },
        code: `
@compute @workgroup_size(1)
fn main() {
  y[0] = nowhere;
}`,
      });
      const y = tf.ones([4]);
      const uniforms = { count: 4 };
      backend.run(broken, { tensors: { y }, uniforms, groups: [1] });
      const error = await assertRejects(() => y.data(), UserError);
      assertEquals(
        error.message,
        'The GPU cannot compile kernel "test.broken": no definition in scope ' +
          "for identifier: `nowhere`, in line 9: y[0] = nowhere;",
      );
    }),
);

await webgpuTest(
  "a tensor that no binding holds is refused at once",
  () =>
    withFreshGpu((backend) => {
      const { maxStorageBufferBindingSize } = backend.device.limits;
      const rows = maxStorageBufferBindingSize / 4096 + 1;
      const error = assertThrows(() => tf.zeros([rows, 1024]), UserError);
      const [needed, most] = [rows * 4096, maxStorageBufferBindingSize]
        .map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`);
      assertEquals(
        error.message,
        `The GPU cannot hold a tensor of ${rows} x 1024 (${needed}): it binds ` +
          `at most ${most}`,
      );
      return Promise.resolve();
    }),
);

await webgpuTest(
  "after a failure a new device can be opened",
  () =>
    withFreshGpu(async (backend) => {
      const x = tf.ones([10]);
      scale(x, 2);
      backend.device.destroy();
      await assertRejects(() => x.data(), UserError);
      await openDevice("webgpu");
      const y = tf.ones([2]);
      scale(y, 3);
      assertEquals([...await y.data()], [3, 3]);
    }),
);
