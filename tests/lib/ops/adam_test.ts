import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import { Adam, type AdamForm } from "../../../lib/ops/adam/mod.ts";
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

/** The gradient of a parameter at a step; epsilon shows in the small ones. */
function gradientOf(name: string, step: number, scale: number) {
  return randomArray(SHAPES[name], 10 * step + SHAPES[name].length, scale);
}

function start(name: string) {
  return randomArray(SHAPES[name], 99);
}

/** Parameters and both moments after some steps on the current backend. */
async function train(form: AdamForm, scale: number): Promise<NamedArrays> {
  const names = Object.keys(SHAPES);
  const parameters = new Map(names.map((name) => [
    name,
    tf.tidy(() => tf.variable(placeArray(start(name)))),
  ]));
  const adam = new Adam(parameters, form);
  for (let step = 0; step < STEPS; step++) {
    tf.tidy(() => {
      const gradients = names.map((name) =>
        [name, placeArray(gradientOf(name, step, scale))] as const
      );
      adam.update(new Map(gradients), RATE);
    });
  }
  const arrays = await adam.save();
  for (const [name, parameter] of parameters) {
    const data = await parameter.data<"float32">();
    arrays.set(`p.${name}`, { shape: parameter.shape, data });
  }
  adam.dispose();
  tf.dispose([...parameters.values()]);
  return arrays;
}

/** The same in plain loops. */
function trainExactly(
  form: AdamForm,
  scale: number,
): Map<string, Float64Array> {
  const arrays = new Map<string, Float64Array>();
  for (const name of Object.keys(SHAPES)) {
    const p = Float64Array.from(start(name).data);
    const m = new Float64Array(p.length);
    const v = new Float64Array(p.length);
    for (let t = 1; t <= STEPS; t++) {
      const { data } = gradientOf(name, t - 1, scale);
      const [c1, c2] = [1 - 0.9 ** t, Math.sqrt(1 - 0.999 ** t)];
      data.forEach((g, i) => {
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        const root = Math.sqrt(v[i]);
        p[i] -= form === "adam"
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

for (const form of ["adam", "adam-mxnet"] as const) {
  for (const scale of [1, 1e-8]) {
    const name = `${form} on gradients of about ${scale}`;
    Deno.test(`${name} updates on the CPU as float64 does`, async () => {
      await openDevice("cpu");
      const trained = await train(form, scale);
      assertSame(trained, trainExactly(form, scale), 1e-6);
    });
    Deno.test(`${name} updates on the CPU as its reference does`, async () => {
      await openDevice("cpu");
      const own = await train(form, scale);
      await openStockWasm();
      assertSame(own, dataOf(await train(form, scale)), 1e-6);
    });
    await webgpuTest(`${name} updates by WebGPU as the CPU does`, async () => {
      await openDevice("cpu");
      const own = dataOf(await train(form, scale));
      await openDevice("webgpu");
      assertSame(await train(form, scale), own, 1e-5);
    });
  }
}

/** A parameter of one number, and its optimizer after two steps. */
function twoSteps() {
  const w = tf.variable(tf.scalar(1));
  const adam = new Adam(new Map([["w", w]]), "adam");
  const step = (to: Adam, gradient: number) =>
    tf.tidy(() => to.update(new Map([["w", tf.scalar(gradient)]]), RATE));
  step(adam, 0.5);
  step(adam, -0.25);
  return { w, adam, step };
}

Deno.test("an Adam that is restored goes on to the same bits", async () => {
  await openDevice("cpu");
  const { w, adam, step } = twoSteps();
  const [before] = w.dataSync();
  const other = tf.variable(tf.scalar(before));
  const resumed = new Adam(new Map([["w", other]]), "adam");
  resumed.restore(await adam.save(), adam.steps);
  step(adam, 0.125);
  step(resumed, 0.125);
  assertEquals(other.dataSync(), w.dataSync());
  adam.dispose();
  resumed.dispose();
  tf.dispose([w, other]);
});

Deno.test("Adam counts its steps", async () => {
  await openDevice("cpu");
  const { w, adam } = twoSteps();
  assertEquals(adam.steps, 2);
  adam.dispose();
  w.dispose();
});

Deno.test("Adam names the parameter that has no gradient", async () => {
  await openDevice("cpu");
  const { w, adam } = twoSteps();
  assertThrows(
    () => adam.update(new Map(), RATE),
    Error,
    'there is no gradient of "w"',
  );
  adam.dispose();
  w.dispose();
});

Deno.test("Adam names the moment that a checkpoint lacks", async () => {
  await openDevice("cpu");
  const { w, adam } = twoSteps();
  const arrays = await adam.save();
  arrays.delete("v.w");
  assertThrows(
    () => adam.restore(arrays, 2),
    Error,
    'there is no array "v.w"',
  );
  adam.dispose();
  w.dispose();
});
