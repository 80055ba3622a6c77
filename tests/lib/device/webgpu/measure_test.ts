import { assertEquals } from "@std/assert";
import type { GpuBackend } from "../../../../lib/device/webgpu/backend.ts";
import { measure } from "../../../../lib/device/webgpu/measure.ts";

Deno.test("a clock that counts nothing is not waited for", async () => {
  let turns = 0;
  const ticks = () =>
    Promise.resolve(new Map([["work", { calls: turns, ticks: 0 }]]));
  const backend = {
    timedAs: (_: string, work: () => void) => work(),
    secondsPerTick: () => Promise.resolve(1e-9),
    startClock: () => true,
    stopClock: ticks,
  } as unknown as GpuBackend;
  const work = () => {
    turns++;
  };
  const seconds = await measure(backend, new Map([["work", work]]));
  assertEquals([...seconds], [["work", 0]]);
});
