/** How an optimiser's rule is tested, on every device. */
import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import {
  updateParameters,
  type UpdateRule,
} from "../../../lib/ops/update_rule/mod.ts";
import type { NamedArrays } from "../../../lib/weights/formats/arrays.ts";
import { openStockWasm } from "../device/stock_wasm.ts";
import { webgpuTest } from "../require.ts";
import { assertClose, randomArray } from "./arrays.ts";
import { placeArray } from "./op.ts";

const SHAPES: Record<string, number[]> = {
  scalar: [1],
  vector: [5],
  matrix: [7, 33],
  long: [70_001],
};
/** The learning rate of every step. */
export const RATE = 0.01;
const STEPS = 4;

/** The gradient of a parameter at a step; epsilon shows in the small ones. */
function gradientOf(name: string, step: number, scale: number) {
  return randomArray(SHAPES[name], 10 * step + SHAPES[name].length, scale);
}

function start(name: string) {
  return randomArray(SHAPES[name], 99);
}

/** A rule on gradients. */
export interface RuleCall {
  rule: UpdateRule;
  /** The gradients are uniform in +-scale, before they are halved. */
  scale: number;
  weightDecay: number;
  /**
   * The rule in plain numbers.
   *
   * @param values One element's parameter and states, which it changes.
   * @param g Its gradient.
   * @param step The step, from 1.
   */
  exact(values: number[], g: number, step: number): void;
}

/**
 * Registers three tests of a rule: its CPU kernel against float64 and against
 * the reference on tfjs' own backend, and WebGPU against it.
 */
export async function testRule(name: string, call: RuleCall): Promise<void> {
  Deno.test(`${name} updates on the CPU as float64 does`, async () => {
    await openDevice("cpu");
    assertSame(await train(call), trainExactly(call), 1e-6);
  });
  Deno.test(`${name} updates on the CPU as its reference does`, async () => {
    await openDevice("cpu");
    const own = await train(call);
    await openStockWasm();
    assertSame(own, dataOf(await train(call)), 1e-6);
  });
  await webgpuTest(`${name} updates by WebGPU as the CPU does`, async () => {
    await openDevice("cpu");
    const own = dataOf(await train(call));
    await openDevice("webgpu");
    assertSame(await train(call), own, 1e-5);
  });
}

/** Parameters and their states after some steps on the current backend. */
async function train({ rule, scale, weightDecay }: RuleCall) {
  const names = Object.keys(SHAPES);
  const variables = names.map((name) => {
    const zeros = () => tf.variable(tf.zeros(SHAPES[name]));
    return tf.tidy(() => ({
      parameter: tf.variable(placeArray(start(name))),
      state: rule.state.map(zeros),
    }));
  });
  for (let step = 1; step <= STEPS; step++) {
    tf.tidy(() => {
      const factors = rule.factors({ step, learningRate: RATE, weightDecay });
      const updates = names.map((name, i) => ({
        ...variables[i],
        gradient: placeArray(gradientOf(name, step, scale)),
        factors,
      }));
      updateParameters(rule, updates, tf.scalar(0.5));
    });
  }
  const arrays: NamedArrays = new Map();
  for (const [i, name] of names.entries()) {
    const { parameter, state } = variables[i];
    for (const [j, variable] of [parameter, ...state].entries()) {
      const data = await variable.data<"float32">();
      arrays.set(`${name} ${j}`, { shape: variable.shape, data });
    }
    tf.dispose([parameter, ...state]);
  }
  return arrays;
}

/** The same in plain loops. */
function trainExactly({ rule, scale, exact }: RuleCall) {
  const arrays = new Map<string, Float64Array>();
  for (const name of Object.keys(SHAPES)) {
    const first = Float64Array.from(start(name).data);
    const all = [first, ...rule.state.map(() => first.map(() => 0))];
    for (let step = 1; step <= STEPS; step++) {
      gradientOf(name, step, scale).data.forEach((g, i) => {
        const values = all.map((array) => array[i]);
        exact(values, g / 2, step);
        all.forEach((array, j) => array[i] = values[j]);
      });
    }
    all.forEach((array, j) => arrays.set(`${name} ${j}`, array));
  }
  return arrays;
}

function assertSame(
  actual: NamedArrays,
  expected: Map<string, ArrayLike<number>>,
  tolerance: number,
): void {
  assertEquals([...actual.keys()].sort(), [...expected.keys()].sort());
  for (const [name, values] of expected) {
    assertClose(actual.get(name)!.data, values, tolerance, `"${name}"`);
  }
}

function dataOf(arrays: NamedArrays): Map<string, ArrayLike<number>> {
  return new Map([...arrays].map(([name, { data }]) => [name, data]));
}
