import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import { adam } from "../../../lib/ops/adam/mod.ts";
import { sgd } from "../../../lib/ops/sgd/mod.ts";
import {
  updateParameters,
  type UpdateRule,
} from "../../../lib/ops/update_rule/mod.ts";
import { LazyRows } from "../../../lib/optim/lazy_rows.ts";
import type {
  FloatArray,
  NamedArrays,
} from "../../../lib/weights/formats/arrays.ts";
import { assertClose, randomArray } from "../../support/ops/arrays.ts";
import { placeArray } from "../../support/ops/op.ts";
import { webgpuTest } from "../../support/require.ts";
import { slowTest } from "../../support/slow.ts";

const ROWS = 40;
const STEPS = 20;

const RULES: Record<string, UpdateRule> = {
  "PyTorch's Adam": adam("torch"),
  "MXNet's Adam": adam("mxnet"),
  "gradient descent": sgd(0.9),
};

/** A table with its rule's states, from the same numbers each time. */
function newTable(rule: UpdateRule, width: number) {
  return tf.tidy(() => ({
    parameter: tf.variable(placeArray(randomArray([ROWS, width], 1))),
    state: rule.state.map(() => tf.variable(tf.zeros([ROWS, width]))),
  }));
}

type Table = ReturnType<typeof newTable>;

/** The table and its states, as bits: they tell 0 from -0. */
function bitsOf({ parameter, state }: Table): Uint32Array[] {
  return [parameter, ...state].map((variable) =>
    new Uint32Array((variable.dataSync() as Float32Array).buffer)
  );
}

/** The tokens of a step: some rows often, some seldom, some never. */
function tokensOf(step: number): Int32Array {
  const rows = Array.from(
    { length: ROWS - 3 },
    (_, row) => (step * 31 + row * row * 7) % (2 + row) === 0 ? [row] : [],
  ).flat();
  return Int32Array.from([...rows, ...rows.slice(0, 2), 0]);
}

/** The factors of a step: warm-up, then down. */
function factorsOf(rule: UpdateRule, step: number, weightDecay: number) {
  const learningRate = 0.1 * Math.min(step / 4, 1 - step / 30);
  return rule.factors({ step, learningRate, weightDecay });
}

/** What the gradients of a step are multiplied by, as clipping does. */
function scaleOf(step: number): tf.Scalar {
  return tf.scalar(1 / (1 + step % 3));
}

/** One step of rows alone; tells what the model would have read. */
function lazyStep(
  lazy: LazyRows,
  step: number,
  { factors, width }: { factors: number[]; width: number },
): Float32Array {
  return tf.tidy(() => {
    const { tableSlots, steps } = lazy.take(tokensOf(step), { factors });
    const read = tf.gather(lazy.read(), tf.tensor1d(tableSlots, "int32"))
      .dataSync() as Float32Array;
    const shape = [steps.rows.size, width];
    const gradient = placeArray(randomArray(shape, 100 + step));
    lazy.update(gradient as tf.Tensor2D, scaleOf(step));
    lazy.end(factors);
    return read;
  });
}

/** The same step of the whole table. */
function denseStep(
  table: Table,
  rule: UpdateRule,
  { step, factors, width }: { step: number; factors: number[]; width: number },
): Float32Array {
  return tf.tidy(() => {
    const tokens = tokensOf(step);
    const read = tf.gather(
      table.parameter as tf.Tensor2D,
      tf.tensor1d(tokens, "int32"),
    ).dataSync() as Float32Array;
    const unique = [...new Set(tokens)];
    const rows = randomArray([unique.length, width], 100 + step).data;
    const gradient = new Float32Array(ROWS * width);
    unique.forEach((row, i) =>
      gradient.set(rows.subarray(i * width, (i + 1) * width), row * width)
    );
    updateParameters(rule, [{
      ...table,
      gradient: tf.tensor2d(gradient, [ROWS, width]),
      factors,
    }], scaleOf(step));
    return read;
  });
}

for (const [name, rule] of Object.entries(RULES)) {
  for (const weightDecay of [0, 0.5]) {
    for (const [width, threads] of [[5, 1], [33, 1], [8195, 3]]) {
      const setting = `${name} with decay ${weightDecay}, ${width} wide, on ` +
        `${threads} threads`;
      const isExample = name === "PyTorch's Adam" && weightDecay > 0;
      const declare = width < 1000 || isExample ? Deno.test : slowTest;

      declare(
        `rows updated when they are read have the bits of a table updated as a whole: ${setting}`,
        async () => {
          await openDevice("cpu", { threads });
          const [some, all] = [newTable(rule, width), newTable(rule, width)];
          const lazy = new LazyRows(some, { rule, decays: weightDecay > 0 });
          for (let step = 1; step <= STEPS; step++) {
            const factors = factorsOf(rule, step, weightDecay);
            const read = lazyStep(lazy, step, { factors, width });
            assertEquals(read, denseStep(all, rule, { step, factors, width }));
          }
          lazy.settle();
          assertEquals(bitsOf(some), bitsOf(all));
          tf.dispose([some, all]);
        },
      );
    }
  }
}

for (const weightDecay of [0, 0.5]) {
  Deno.test(`a table that is saved and restored between a row's uses goes on to the same bits with decay ${weightDecay}`, async () => {
    await openDevice("cpu");
    const [rule, width] = [adam("torch"), 8];
    const options = { rule, decays: weightDecay > 0 };
    const step = (lazy: LazyRows, step: number) =>
      lazyStep(lazy, step, {
        factors: factorsOf(rule, step, weightDecay),
        width,
      });
    const [unbroken, stopped] = [newTable(rule, width), newTable(rule, width)];
    const lazy = new LazyRows(unbroken, options);
    const before = new LazyRows(stopped, options);
    for (let i = 1; i <= 9; i++) {
      step(lazy, i);
      step(before, i);
    }
    before.settle();
    const state: NamedArrays = new Map(
      stopped.state.map((variable, i) => [
        rule.state[i],
        {
          shape: variable.shape,
          data: variable.dataSync() as Float32Array<ArrayBuffer>,
        },
      ]),
    );
    const after = new LazyRows(stopped, options);
    after.restore(state);
    for (let i = 10; i <= STEPS; i++) {
      step(lazy, i);
      step(after, i);
    }
    lazy.settle();
    after.settle();
    assertEquals(bitsOf(stopped), bitsOf(unbroken));
    tf.dispose([unbroken, stopped]);
  });
}

Deno.test("rows that never had a gradient and don't decay stay as they are", async () => {
  await openDevice("cpu");
  const [rule, width] = [adam("torch"), 8];
  const table = newTable(rule, width);
  const lazy = new LazyRows(table, { rule, decays: false });
  const start = bitsOf(table)[0].slice((ROWS - 3) * width);
  for (let step = 1; step <= STEPS; step++) {
    lazyStep(lazy, step, { factors: factorsOf(rule, step, 0), width });
  }
  lazy.settle();
  assertEquals(bitsOf(table)[0].slice((ROWS - 3) * width), start);
  tf.dispose(table);
});

Deno.test("a row that the table doesn't have is not taken", async () => {
  await openDevice("cpu");
  const table = newTable(adam("torch"), 4);
  const lazy = new LazyRows(table, { rule: adam("torch"), decays: false });
  for (const row of [-1, ROWS]) {
    assertThrows(
      () =>
        tf.tidy(() => {
          lazy.take(Int32Array.of(0, row), { factors: [0, 0, 0] });
        }),
      RangeError,
      `index ${row} is not in [0, 40)`,
    );
  }
  tf.dispose(table);
});

/** A gradient, and zeros for the rows that are none. */
function filled({ shape, data }: FloatArray, rows: number): tf.Tensor2D {
  const all = new Float32Array(rows * shape[1]);
  all.set(data);
  return tf.tensor2d(all, [rows, shape[1]]);
}

for (
  const [name, rounded] of [
    ["PyTorch's Adam", false],
    ["PyTorch's Adam", true],
    ["gradient descent", false],
  ] as const
) {
  await webgpuTest(
    `rows updated by WebGPU when they are read are those of a table updated as a whole: ${name}, their number ${
      rounded ? "rounded" : "as it is"
    }`,
    async () => {
      await openDevice("webgpu");
      const [rule, width] = [RULES[name], 6];
      const [some, all] = [newTable(rule, width), newTable(rule, width)];
      const lazy = new LazyRows(some, { rule, decays: true });
      for (let step = 1; step <= STEPS; step++) {
        const rows = [...new Set(tokensOf(step))];
        const part = randomArray([rows.length, width], 100 + step);
        const whole = new Float32Array(ROWS * width);
        rows.forEach((row, i) =>
          whole.set(part.data.subarray(i * width, (i + 1) * width), row * width)
        );
        const factors = factorsOf(rule, step, 0.5);
        tf.tidy(() => {
          const { steps } = lazy.take(tokensOf(step), { factors, rounded });
          const gradient = filled(part, steps.rows.size);
          lazy.update(gradient, scaleOf(step));
          lazy.end(factors);
          updateParameters(
            rule,
            [{ ...all, gradient: tf.tensor2d(whole, [ROWS, width]), factors }],
            scaleOf(step),
          );
        });
      }
      lazy.settle();
      const actual = await some.parameter.data();
      assertClose(actual, await all.parameter.data(), 1e-6);
      tf.dispose([some, all]);
    },
  );
}

/** A table after all steps of rows alone by WebGPU. */
async function trainByWebGpu(settles: (step: number) => boolean) {
  await openDevice("webgpu");
  const [rule, width] = [adam("torch"), 33];
  const { parameter, state } = newTable(rule, width);
  const lazy = new LazyRows({ parameter, state }, { rule, decays: true });
  for (let step = 1; step <= STEPS; step++) {
    tf.tidy(() => {
      const factors = factorsOf(rule, step, 0.5);
      const { steps } = lazy.take(tokensOf(step), { factors });
      const shape = [steps.rows.size, width];
      const gradient = placeArray(randomArray(shape, 100 + step));
      lazy.update(gradient as tf.Tensor2D, scaleOf(step));
      lazy.end(factors);
    });
    if (settles(step)) lazy.settle();
  }
  lazy.settle();
  const values = await parameter.data();
  tf.dispose([parameter, ...state]);
  return values;
}

await webgpuTest(
  "rows updated by WebGPU have the same bits however often all are settled",
  async () => {
    const seldom = await trainByWebGpu(() => false);
    assertEquals(await trainByWebGpu((step) => step % 3 === 0), seldom);
  },
);
