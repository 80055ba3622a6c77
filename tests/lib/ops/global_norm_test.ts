import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import { globalNorm } from "../../../lib/ops/global_norm/mod.ts";
import { webgpuTest } from "../../require.ts";
import { openStockWasm } from "../device/stock_wasm.ts";
import { assertClose, randomArray } from "./arrays.ts";
import { placeArray } from "./room.ts";

/** The CPU sums in 64 blocks: fewer elements, as many, one more, and many. */
const SHAPES = [[], [1], [5], [64], [13, 5], [300, 257], [2, 3, 7]];
/** More tensors than a GPU binds buffers at once. */
const ARRAYS = [...SHAPES, ...SHAPES, ...SHAPES].map((shape, i) =>
  randomArray(shape, i, 1 + i)
);

async function norm(count = ARRAYS.length): Promise<number> {
  const scalar = tf.tidy(() =>
    globalNorm(ARRAYS.slice(0, count).map(placeArray))
  );
  const [value] = await scalar.data();
  scalar.dispose();
  return value;
}

function exactNorm(count = ARRAYS.length): number {
  let sum = 0;
  for (const { data } of ARRAYS.slice(0, count)) {
    for (const value of data) sum += value * value;
  }
  return Math.sqrt(sum);
}

for (const count of [1, 7, ARRAYS.length]) {
  Deno.test(`globalNorm of ${count} tensors is on the CPU what it is in float64`, async () => {
    await openDevice("cpu");
    assertClose([await norm(count)], [exactNorm(count)], 1e-7);
  });
}

Deno.test("globalNorm's reference gives the norm in float64", async () => {
  await openStockWasm();
  // It sums 77,100 squares of each large array in float32.
  assertClose([await norm()], [exactNorm()], 1e-5);
});

await webgpuTest("globalNorm is by WebGPU what it is in float64", async () => {
  await openDevice("webgpu");
  assertClose([await norm()], [exactNorm()], 1e-5);
});
