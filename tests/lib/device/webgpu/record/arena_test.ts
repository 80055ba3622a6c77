import { assert, assertEquals } from "@std/assert";
import { BufferPool } from "../../../../../lib/device/webgpu/buffers/buffers.ts";
import { Arena } from "../../../../../lib/device/webgpu/record/arena.ts";
import { withFreshGpu } from "../../../../support/device/fresh_gpu.ts";
import { webgpuTest } from "../../../../support/require.ts";

const USAGE = GPUBufferUsage.STORAGE;

/** Lends an arena and a pool beside it. */
async function withArena(
  use: (arena: Arena, pool: BufferPool) => void,
): Promise<void> {
  await withFreshGpu(({ device }) => {
    const arena = new Arena(device, USAGE);
    use(arena, new BufferPool(device));
    return Promise.resolve();
  });
}

await webgpuTest(
  "an arena gives the smallest free buffer that is large enough",
  () =>
    withArena((arena, pool) => {
      const [large, small, middle] = [1000, 600, 800]
        .map((size) => arena.acquire(size));
      for (const buffer of [large, small, middle]) pool.releaseBuffer(buffer);
      assertEquals(arena.bytesUsed, 0);
      assertEquals(arena.acquire(700), middle);
      assertEquals(arena.acquire(700), large);
      assertEquals(arena.acquire(400), small);
      assertEquals([arena.buffers, arena.bytes], [3, 2400]);
    }),
);

await webgpuTest(
  "an arena gives no buffer that is more than twice as large",
  () =>
    withArena((arena, pool) => {
      pool.releaseBuffer(arena.acquire(1004));
      assertEquals(arena.acquire(500).size, 500);
      assertEquals(arena.acquire(504).size, 1004);
    }),
);

await webgpuTest(
  "an arena frees what nobody uses",
  () =>
    withArena((arena, pool) => {
      const [used, free] = [arena.acquire(512), arena.acquire(256)];
      pool.releaseBuffer(free);
      assertEquals(arena.mostBytesUsed, 768);
      arena.dispose();
      assertEquals([arena.buffers, arena.bytes], [1, 512]);
      assertEquals(arena.mostBytesUsed, 512);
      pool.releaseBuffer(used);
      assertEquals(arena.acquire(512), used);
      assert(arena.acquire(256) !== free);
    }),
);
