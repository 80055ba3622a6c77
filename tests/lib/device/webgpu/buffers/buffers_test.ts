import { assert, assertEquals } from "@std/assert";
import { BufferPool } from "../../../../../lib/device/webgpu/buffers/buffers.ts";
import { withFreshGpu } from "../../../../support/device/fresh_gpu.ts";
import { webgpuTest } from "../../../../support/require.ts";

const USAGE = GPUBufferUsage.STORAGE;

await webgpuTest(
  "sizes that go up and down a little need no new buffers of WebGPU",
  () =>
    withFreshGpu(({ device }) => {
      const pool = new BufferPool(device);
      for (let step = 0; step < 20; step++) {
        const size = step % 2 === 0 ? 8192 : 9216;
        const buffers = [1, 2, 3].map(() => pool.acquireBuffer(size, USAGE));
        assert(buffers.every((buffer) => buffer.size >= size));
        for (const buffer of buffers) pool.releaseBuffer(buffer);
      }
      // Three of the smaller size, before there was another, and three more.
      assertEquals(pool.created, 6);
      pool.dispose();
      return Promise.resolve();
    }),
);

await webgpuTest(
  "a much larger buffer of WebGPU is left alone",
  () =>
    withFreshGpu(({ device }) => {
      const pool = new BufferPool(device);
      const large = pool.acquireBuffer(16384, USAGE);
      pool.releaseBuffer(large);
      const small = pool.acquireBuffer(8192, USAGE);
      assert(small !== large);
      assertEquals(small.size, 8192);
      pool.releaseBuffer(small);
      pool.dispose();
      return Promise.resolve();
    }),
);
