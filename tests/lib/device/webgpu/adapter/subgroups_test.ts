import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { sumOfNeighbours } from "../../../../../lib/device/webgpu/adapter/subgroups.ts";
import type { GpuBackend } from "../../../../../lib/device/webgpu/backend.ts";
import { defineKernel } from "../../../../../lib/device/webgpu/kernels/kernel.ts";
import { layerNorm } from "../../../../../lib/ops/add_norm/mod.ts";
import { withFreshGpu } from "../../../../support/device/fresh_gpu.ts";
import { assertClose, randomArray } from "../../../../support/ops/arrays.ts";
import { type Part, webgpuTest } from "../../../../support/require.ts";

await webgpuTest(
  "a subgroup's lanes are a power of 2",
  () =>
    withFreshGpu(({ subgroup }) => {
      assert(Number.isInteger(Math.log2(subgroup)), `${subgroup} lanes`);
      return Promise.resolve();
    }),
);

await webgpuTest(
  "neighbouring lanes all get their sum",
  () =>
    withFreshGpu(async (backend) => {
      const lanes = backend.subgroup;
      const kernel = defineKernel({
        name: "test.neighbours",
        reads: { x: "f32" },
        writes: { y: "f32" },
        uniforms: {},
        code: `${sumOfNeighbours(lanes, "f32")}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  y[lane] = sumOfNeighbours(x[lane]);
}`,
      });
      const numbers = Array.from({ length: 64 }, (_, i) => i * i);
      const [x, y] = [tf.tensor1d(numbers), tf.zeros([64])];
      backend.run(kernel, { tensors: { x, y }, uniforms: {}, groups: [1] });
      const sums = numbers.map((_, i) => {
        const first = i - i % lanes;
        return numbers.slice(first, first + lanes).reduce((a, b) => a + b);
      });
      assertEquals([...await y.data()], sums);
      tf.dispose([x, y]);
    }),
);

/** Layer norms of rows that take 16, 32 and 64 lanes. */
async function norms(backend: GpuBackend, subgroup: number) {
  Object.defineProperty(backend, "subgroup", { value: subgroup });
  const results: Float32Array[] = [];
  for (const width of [96, 516, 1100]) {
    const arrays = [[3, width], [width], [width]].map((shape, i) =>
      randomArray(shape, i + 1, 2).data
    );
    const y = tf.tidy(() =>
      layerNorm(tf.tensor2d(arrays[0], [3, width]), {
        weight: tf.tensor1d(arrays[1]),
        bias: tf.tensor1d(arrays[2]),
        epsilon: 1e-5,
      })
    );
    results.push(await y.data<"float32">());
    y.dispose();
  }
  return results;
}

/** A GPU whose lanes are known to belong together. */
async function subgroups(): Promise<Part> {
  let lanes = 1;
  await withFreshGpu(({ subgroup }) => {
    lanes = subgroup;
    return Promise.resolve();
  });
  const lack = lanes > 1 ? undefined : "the GPU has no subgroups";
  return { part: "subgroups", lack };
}

await webgpuTest(
  "rows have the same sums with and without subgroups",
  () =>
    withFreshGpu(async (backend) => {
      const [own, none] = [
        await norms(backend, backend.subgroup),
        await norms(backend, 1),
      ];
      own.forEach((values, i) =>
        assertClose(values, Float64Array.from(none[i]), 1e-6, "a layer norm")
      );
    }),
  subgroups,
);
