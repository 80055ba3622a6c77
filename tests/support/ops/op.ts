/** How an op is tested: value and gradients, on every device. */
import * as tf from "@tensorflow/tfjs";
import { CPU } from "../../../lib/device/cpu/backend.ts";
import { openDevice } from "../../../lib/device/mod.ts";
import { Packing } from "../../../lib/ops/batch/packing.ts";
import type { FloatArray } from "../../../lib/weights/formats/arrays.ts";
import { soilBuffers } from "../device/soil_buffers.ts";
import { openStockWasm } from "../device/stock_wasm.ts";
import { webgpuTest } from "../require.ts";
import { type Declare, declareTest } from "../tier.ts";
import { assertClose, offsetsOf } from "./arrays.ts";

/** Tensors of an op's inputs, by name. */
export type Tensors = Record<string, tf.Tensor>;

/** What an operation gives: on a device, or by a float64 computation. */
export interface Outcome {
  value: ArrayLike<number>;
  /** Of the sum of value times slope, by the input's name. */
  gradients: Record<string, ArrayLike<number>>;
}

/** One call of an operation. */
export interface OpCall {
  inputs: Record<string, FloatArray>;
  /** What the gradient starts from, of the result's shape. */
  slope: FloatArray;
  /** Puts a batch on the device; gives the operation on it. */
  place(tensors: Tensors): (tensors: Tensors) => tf.Tensor;
  /** The same in plain loops. */
  exact(): Outcome;
}

/** How far the devices may be from each other, and which tests are slow. */
export interface OpTestOptions {
  /** CPU kernels from the float64 computation; 1e-6 unless told. */
  exact?: number;
  /** CPU kernels from the reference on tfjs' own backend; 2e-6 unless told. */
  stock?: number;
  /** WebGPU from the float64 computation; 1e-5 unless told. */
  webgpu?: number;
  /**
   * Declares the tests by WebGPU, as `slowTest` does. A GPU in software compiles
   * its kernels anew for every size: a second or two each.
   */
  declareWebgpu?: Declare;
}

/**
 * Registers four tests of a call: CPU kernels against float64 and against the
 * reference on tfjs' own backend, WebGPU against float64 and against itself.
 *
 * @param name The operation and what it is called with.
 * @param call The call.
 * @param options Tolerances as shares of each array's largest element, and how
 *   the tests by WebGPU are declared.
 */
export async function testOp(
  name: string,
  call: OpCall,
  options: OpTestOptions = {},
): Promise<void> {
  const { exact = 1e-6, stock = 2e-6, webgpu = 1e-5 } = options;
  const { declareWebgpu = declareTest } = options;
  Deno.test(`${name} computes on the CPU what float64 does`, async () => {
    await openDevice("cpu");
    assertOutcome(await compute(call), call.exact(), exact);
  });
  Deno.test(`${name} computes on the CPU what its reference does`, async () => {
    await openDevice("cpu");
    const own = await compute(call);
    await openStockWasm();
    assertOutcome(own, await compute(call), stock);
  });
  await declareWebgpu(
    `${name} computes by WebGPU what float64 does`,
    async () => {
      await openDevice("webgpu");
      assertOutcome(await compute(call), call.exact(), webgpu);
    },
    webgpuTest,
  );
  await declareWebgpu(
    `${name} computes by WebGPU the same bits, whatever buffers held`,
    async () => {
      await openDevice("webgpu");
      const once = await compute(call);
      using _soiled = soilBuffers();
      assertOutcome(await compute(call), once, 0);
    },
    webgpuTest,
  );
}

/** A batch's layout for the current backend. */
export function packingOf(lengths: readonly number[]): Packing {
  return new Packing(offsetsOf(lengths), {
    padded: tf.getBackend() !== CPU,
  });
}

/** Value and gradients on the current backend. */
async function compute(call: OpCall): Promise<Outcome> {
  const tensors = tf.tidy(() => run(call));
  const [value, ...grads] = await Promise.all(tensors.map((t) => t.data()));
  tf.dispose(tensors);
  const names = Object.keys(call.inputs);
  return {
    value,
    gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]])),
  };
}

function run(call: OpCall): tf.Tensor[] {
  const names = Object.keys(call.inputs);
  const placed = Object.values(call.inputs).map(placeArray);
  const named = (tensors: tf.Tensor[]) =>
    Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
  const operation = call.place(named(placed));
  const { value, grads } = tf.valueAndGrads((...tensors) =>
    operation(named(tensors)) as tf.Scalar
  )(placed, placeArray(call.slope) as tf.Scalar);
  return [value, ...grads];
}

/** Puts an array on the current backend. */
export function placeArray({ data, shape }: FloatArray): tf.Tensor {
  return tf.tensor(data, [...shape]);
}

function assertOutcome(
  actual: Outcome,
  expected: Outcome,
  tolerance: number,
): void {
  assertClose(actual.value, expected.value, tolerance, "the value");
  for (const [name, gradient] of Object.entries(expected.gradients)) {
    const what = `the gradient of "${name}"`;
    assertClose(actual.gradients[name], gradient, tolerance, what);
  }
}
