import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Progress } from "../../../lib/base/progress.ts";
import type { CpuBackend } from "../../../lib/device/cpu/backend.ts";
import type { Device } from "../../../lib/device/device.ts";
import { openDevice } from "../../../lib/device/mod.ts";
import { measureRates } from "../../../lib/doctor/rates.ts";
import { webgpuTest } from "../../support/require.ts";

/** Gigabytes a second of a device's memory. */
async function memoryRate(device: Device): Promise<number> {
  const checks = await measureRates(device);
  const { timing } = checks.find(({ name }) => name.endsWith(" memory"))!;
  return timing.gigabytesPerSecond;
}

/** The same by a plain loop over arrays of the same size, on one thread. */
function plainRate(): number {
  const length = 2 ** 24;
  const [sum, x] = [1, 2].map((value) => new Float32Array(length).fill(value));
  let best = Infinity;
  for (let pass = 0; pass < 5; pass++) {
    const begun = performance.now();
    for (let i = 0; i < length; i++) sum[i] += x[i];
    best = Math.min(best, (performance.now() - begun) / 1000);
  }
  return 12 * length / best / 1e9;
}

Deno.test("the CPU's memory is told to be about as fast as a plain loop finds it", async () => {
  // Before and after, since other tests use the memory, too.
  const before = plainRate();
  const told = await memoryRate(await openDevice("cpu"));
  const plain = [before, plainRate()];
  assert(
    told > Math.min(...plain) / 2 &&
      told < 4 * navigator.hardwareConcurrency * Math.max(...plain),
    `told ${told} GB/s, a plain loop reaches ${plain}`,
  );
});

await webgpuTest(
  "the GPU's memory, be it in software, is told to reach a fiftieth of the CPU's",
  async () => {
    const cpu = await memoryRate(await openDevice("cpu"));
    const gpu = await memoryRate(await openDevice("webgpu"));
    assert(gpu > cpu / 50, `the CPU ${cpu} GB/s, the GPU ${gpu}`);
  },
);

Deno.test("measuring leaves nothing on the device", async () => {
  const device = await openDevice("cpu");
  const { numTensors } = tf.memory();
  await measureRates(device);
  assertEquals(tf.memory().numTensors, numTensors);
});

Deno.test("passes over the CPU's memory take no new memory", async () => {
  const device = await openDevice("cpu");
  await measureRates(device);
  const { arenaBytes } = tf.backend() as unknown as CpuBackend;
  assert(arenaBytes < 3 * 2 ** 26, `${arenaBytes} bytes were in use at once`);
});

Deno.test("measuring tells how far it is", async () => {
  const told: Progress[] = [];
  await measureRates(await openDevice("cpu"), {
    onProgress: (progress) => told.push(progress),
  });
  assertEquals(
    told.map(({ phase, done, total }) => [phase, done, total]),
    [["measure cpu", 0, 2], ["measure cpu", 1, 2], ["measure cpu", 2, 2]],
  );
});
