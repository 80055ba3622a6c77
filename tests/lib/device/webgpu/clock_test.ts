import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../lib/device/mod.ts";
import type { GpuBackend } from "../../../../lib/device/webgpu/backend.ts";
import { scale } from "../../../support/device/scale.ts";
import { webgpuTest } from "../../../support/require.ts";

async function open(): Promise<GpuBackend> {
  await openDevice("webgpu");
  return tf.backend() as unknown as GpuBackend;
}

await webgpuTest(
  "the clock counts each kernel by its name, and kernels together",
  async () => {
    const backend = await open();
    const x = tf.ones([100]);
    assert(backend.startClock());
    // More than are told to the device at once.
    for (let i = 0; i < 300; i++) scale(x, 1);
    backend.timedAs("together", () => scale(x, 1));
    const times = await backend.stopClock();
    const calls = [...times].map(([name, { calls }]) => [name, calls]);
    assertEquals(calls, [["test.scale", 300], ["together", 1]]);
    x.dispose();
  },
);

await webgpuTest(
  "the clock tells a large kernel from a small one",
  async () => {
    const backend = await open();
    const sizes = { small: tf.ones([64]), large: tf.ones([2 ** 24]) };
    for (const x of Object.values(sizes)) scale(x, 1);
    await backend.finish();
    backend.startClock();
    for (const [name, x] of Object.entries(sizes)) {
      backend.timedAs(name, () => scale(x, 1));
    }
    const times = await backend.stopClock();
    assert(times.get("large")!.ticks > 10 * times.get("small")!.ticks);
    tf.dispose(Object.values(sizes));
  },
);

await webgpuTest("kernels that are timed compute what they would", async () => {
  const backend = await open();
  const x = tf.tensor1d([1, 2, 3]);
  backend.startClock();
  scale(x, 2);
  const y = tf.mul(x, 5);
  scale(y, 3);
  await backend.stopClock();
  assertEquals([...await y.data()], [30, 60, 90]);
  tf.dispose([x, y]);
});

await webgpuTest("a tick is as long as the host's clock says", async () => {
  const backend = await open();
  const tick = await backend.secondsPerTick();
  // Mesa's ticks are nanoseconds.
  assert(tick > 0.5e-9 && tick < 1e-6, `${tick} s`);
});

await webgpuTest("a clock stands still while another one runs", async () => {
  const backend = await open();
  const x = tf.ones([100]);
  backend.startClock();
  scale(x, 1);
  backend.startClock();
  backend.timedAs("inner", () => scale(x, 1));
  const inner = await backend.stopClock();
  scale(x, 1);
  const outer = await backend.stopClock();
  assertEquals([...inner.keys()], ["inner"]);
  assertEquals([...outer.keys()], ["test.scale"]);
  assertEquals(outer.get("test.scale")!.calls, 2);
  x.dispose();
});

await webgpuTest("a clock times no more kernels than it is told", async () => {
  const backend = await open();
  const x = tf.tensor1d([1]);
  backend.startClock(3);
  for (let i = 0; i < 10; i++) scale(x, 2);
  const times = await backend.stopClock();
  assertEquals(times.get("test.scale")!.calls, 3);
  assertEquals([...await x.data()], [1024]);
  x.dispose();
});
