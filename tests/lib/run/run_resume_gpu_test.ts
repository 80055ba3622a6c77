import { assertEquals } from "@std/assert";
import { webgpuTest } from "../../support/require.ts";
import { slowTest } from "../../support/slow.ts";
import { trainSmall } from "../../support/train/small_run.ts";

await slowTest(
  "a run stopped on the GPU goes on to the same bits",
  async () => {
    const gpu = { device: "webgpu", logEvery: 3, readEvery: 3 } as const;
    const stop = new AbortController();
    const stopped = await trainSmall({
      ...gpu,
      signal: stop.signal,
      onStep: ({ step }) => step === 6 && stop.abort(new Error("stopped")),
    });
    assertEquals(stopped.checkpoints, [[2, 0], [2, 1]]);
    const resumed = await trainSmall(gpu, stopped.saved);
    const unbroken = await trainSmall(gpu);
    assertEquals([...stopped.steps, ...resumed.steps], unbroken.steps);
    assertEquals([...stopped.epochs, ...resumed.epochs], unbroken.epochs);
    assertEquals(resumed.saved, unbroken.saved);
  },
  webgpuTest,
);
