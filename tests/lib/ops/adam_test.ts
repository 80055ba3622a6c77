import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import { adam, type AdamForm } from "../../../lib/ops/adam/mod.ts";
import { updateParameters } from "../../../lib/ops/update_rule.ts";
import type { NamedArrays } from "../../../lib/weights/arrays.ts";
import { webgpuTest } from "../../require.ts";
import { openStockWasm } from "../device/stock_wasm.ts";
import { assertClose, randomArray } from "./arrays.ts";
import { placeArray } from "./room.ts";

const SHAPES: Record<string, number[]> = {
  scalar: [1],
  vector: [5],
  matrix: [7, 33],
  long: [70_001],
};
const RATE = 0.01;
const STEPS = 4;
/** What all gradients are multiplied by. */
const SCALE = 0.5;

/** The gradient of a parameter at a step; epsilon shows in the small ones. */
function gradientOf(name: string, step: number, scale: number) {
  return randomArray(SHAPES[name], 10 * step + SHAPES[name].length, scale);
}

function start(name: string) {
  return randomArray(SHAPES[name], 99);
}

/** Parameters and both moments after some steps on the current backend. */
async function train(
  form: AdamForm,
  scale: number,
  decay: number,
): Promise<NamedArrays> {
  const rule = adam(form);
  const names = Object.keys(SHAPES);
  const variables = names.map((name) => {
    const zeros = () => tf.variable(tf.zeros(SHAPES[name]));
    return tf.tidy(() => ({
      parameter: tf.variable(placeArray(start(name))),
      state: [zeros(), zeros()],
    }));
  });
  for (let step = 1; step <= STEPS; step++) {
    tf.tidy(() => {
      const settings = { step, learningRate: RATE, weightDecay: decay };
      const updates = names.map((name, i) => ({
        ...variables[i],
        gradient: placeArray(gradientOf(name, step - 1, scale)),
        factors: rule.factors(settings),
      }));
      updateParameters(rule, updates, tf.scalar(SCALE));
    });
  }
  const arrays: NamedArrays = new Map();
  for (const [i, name] of names.entries()) {
    const { parameter, state } = variables[i];
    for (const [j, variable] of [parameter, ...state].entries()) {
      const data = await variable.data<"float32">();
      arrays.set(`${"pmv"[j]}.${name}`, { shape: variable.shape, data });
    }
    tf.dispose([parameter, ...state]);
  }
  return arrays;
}

/** The same in plain loops. */
function trainExactly(
  form: AdamForm,
  scale: number,
  decay: number,
): Map<string, Float64Array> {
  const arrays = new Map<string, Float64Array>();
  for (const name of Object.keys(SHAPES)) {
    const p = Float64Array.from(start(name).data);
    const m = new Float64Array(p.length);
    const v = new Float64Array(p.length);
    for (let t = 1; t <= STEPS; t++) {
      const { data } = gradientOf(name, t - 1, scale);
      const [c1, c2] = [1 - 0.9 ** t, Math.sqrt(1 - 0.999 ** t)];
      data.forEach((gradient, i) => {
        const g = SCALE * gradient;
        p[i] *= 1 - RATE * decay;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        const root = Math.sqrt(v[i]);
        p[i] -= form === "torch"
          ? RATE / c1 * m[i] / (root / c2 + 1e-8)
          : RATE * c2 / c1 * m[i] / (root + 1e-8);
      });
    }
    arrays.set(`p.${name}`, p).set(`m.${name}`, m).set(`v.${name}`, v);
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

for (const form of ["torch", "mxnet"] as const) {
  for (const [scale, decay] of [[1, 0], [1e-8, 0], [1, 3]] as const) {
    const name = `${form}'s Adam on gradients of about ${scale} with a ` +
      `weight decay of ${decay}`;
    const run = () => train(form, scale, decay);
    Deno.test(`${name} updates on the CPU as float64 does`, async () => {
      await openDevice("cpu");
      assertSame(await run(), trainExactly(form, scale, decay), 1e-6);
    });
    Deno.test(`${name} updates on the CPU as its reference does`, async () => {
      await openDevice("cpu");
      const own = await run();
      await openStockWasm();
      assertSame(own, dataOf(await run()), 1e-6);
    });
    await webgpuTest(`${name} updates by WebGPU as the CPU does`, async () => {
      await openDevice("cpu");
      const own = dataOf(await run());
      await openDevice("webgpu");
      assertSame(await run(), own, 1e-5);
    });
  }
}
