import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Progress } from "../../../lib/base/progress.ts";
import type { CpuBackend } from "../../../lib/device/cpu/backend.ts";
import { openDevice } from "../../../lib/device/mod.ts";
import { measureRates } from "../../../lib/doctor/rates.ts";
import type { Check } from "../../../lib/events/check.ts";
import { webgpuTest } from "../../support/require.ts";

/** Gigabytes a second of a device's memory, among what was found. */
function memoryRate(checks: readonly Check[]): number {
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

/** What measuring the CPU found and told. */
let found: Check[];
const told: Progress[] = [];
/** Tensors before and after it, and the most bytes that were in use. */
let tensors: [before: number, after: number];
let arenaBytes: number;
/** What plain loops reached before and after it: others use memory, too. */
let plain: [before: number, after: number];

Deno.test.beforeAll(async () => {
  const device = await openDevice("cpu");
  const before = { rate: plainRate(), tensors: tf.memory().numTensors };
  found = await measureRates(device, {
    onProgress: (progress) => told.push(progress),
  });
  tensors = [before.tensors, tf.memory().numTensors];
  ({ arenaBytes } = tf.backend() as unknown as CpuBackend);
  plain = [before.rate, plainRate()];
});

Deno.test("the CPU's memory is told to be about as fast as a plain loop finds it", () => {
  const rate = memoryRate(found);
  assert(
    rate > Math.min(...plain) / 2 &&
      rate < 4 * navigator.hardwareConcurrency * Math.max(...plain),
    `told ${rate} GB/s, plain loops reach ${plain}`,
  );
});

await webgpuTest(
  "the GPU's memory, be it in software, is told to reach a fiftieth of the CPU's",
  async () => {
    const cpu = memoryRate(found);
    const gpu = memoryRate(await measureRates(await openDevice("webgpu")));
    assert(gpu > cpu / 50, `the CPU ${cpu} GB/s, the GPU ${gpu}`);
  },
);

Deno.test("measuring leaves nothing on the device", () => {
  assertEquals(tensors[1], tensors[0]);
});

Deno.test("passes over the CPU's memory take no new memory", () => {
  assert(arenaBytes < 3 * 2 ** 26, `${arenaBytes} bytes were in use at once`);
});

Deno.test("measuring tells how far it is", () => {
  assertEquals(
    told.map(({ phase, done, total }) => [phase, done, total]),
    [["measure cpu", 0, 2], ["measure cpu", 1, 2], ["measure cpu", 2, 2]],
  );
});
