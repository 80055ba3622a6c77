import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../lib/device/mod.ts";
import { clipFactor, globalNorm } from "../../../../lib/ops/global_norm/mod.ts";
import { openStockWasm } from "../../../support/device/stock_wasm.ts";
import { assertClose, randomArray } from "../../../support/ops/arrays.ts";
import { placeArray } from "../../../support/ops/op.ts";
import { webgpuTest } from "../../../support/require.ts";

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

/** Clipping to 2 of norms below it, at it, above it, and that are no number. */
async function clipFactors(): Promise<number[]> {
  const factors = [0, 1, 2, 8, NaN].map((norm) =>
    tf.tidy(() => clipFactor(tf.scalar(norm), 2))
  );
  const values = await Promise.all(factors.map((factor) => factor.data()));
  tf.dispose(factors);
  return values.map(([value]) => value);
}

function assertClipFactors(values: number[]): void {
  assertClose(values.slice(0, 4), [1, 1, 2 / 2.000001, 2 / 8.000001], 1e-7);
}

Deno.test("clipFactor on the CPU is PyTorch's, and tells of a norm that is none", async () => {
  await openDevice("cpu");
  const values = await clipFactors();
  assertClipFactors(values);
  assert(Number.isNaN(values[4]));
});

Deno.test("clipFactor's reference is PyTorch's", async () => {
  await openStockWasm();
  assertClipFactors(await clipFactors());
});

await webgpuTest("clipFactor by WebGPU is PyTorch's", async () => {
  await openDevice("webgpu");
  assertClipFactors(await clipFactors());
});
