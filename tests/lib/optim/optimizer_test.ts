import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../../lib/data/batch/batches.ts";
import { openDevice } from "../../../lib/device/mod.ts";
import type { BertClassifier } from "../../../lib/model/classifier.ts";
import { adam } from "../../../lib/ops/adam/mod.ts";
import { placeBatch } from "../../../lib/ops/batch/place_batch.ts";
import { crossEntropy } from "../../../lib/ops/cross_entropy/mod.ts";
import { classTargets } from "../../../lib/ops/cross_entropy/targets.ts";
import { updateParameters } from "../../../lib/ops/update_rule/mod.ts";
import { Optimizer } from "../../../lib/optim/optimizer.ts";
import { trainStep } from "../../../lib/train/step.ts";
import { trainingDefaults } from "../../../lib/train/training_defaults.ts";
import {
  bitsOf,
  bookBatch,
  type D2lReference,
  loadBook,
  pairBatch,
  pickExamples,
  readReference,
} from "../../support/model/golden.ts";

const RATE = 0.01;

/** A parameter of one number, and its optimizer after two steps. */
function twoSteps() {
  const w = tf.variable(tf.scalar(1));
  const optimizer = new Optimizer(new Map([["w", w]]), trainingDefaults);
  const step = (to: Optimizer, gradient: number) =>
    tf.tidy(() => {
      to.begin(new Int32Array(), { learningRate: RATE });
      to.update(new Map([["w", tf.scalar(gradient)]]));
      to.end();
    });
  step(optimizer, 0.5);
  step(optimizer, -0.25);
  return { w, optimizer, step };
}

Deno.test("an optimizer that is restored goes on to the same bits", async () => {
  await openDevice("cpu");
  const { w, optimizer, step } = twoSteps();
  const [before] = w.dataSync();
  const other = tf.variable(tf.scalar(before));
  const resumed = new Optimizer(new Map([["w", other]]), trainingDefaults);
  resumed.restore(await optimizer.copyState(), optimizer.steps);
  step(optimizer, 0.125);
  step(resumed, 0.125);
  assertEquals(other.dataSync(), w.dataSync());
  optimizer.dispose();
  resumed.dispose();
  tf.dispose([w, other]);
});

Deno.test("an optimizer counts its steps", async () => {
  await openDevice("cpu");
  const { w, optimizer } = twoSteps();
  assertEquals(optimizer.steps, 2);
  optimizer.dispose();
  w.dispose();
});

Deno.test("an optimizer names the parameter that has no gradient", async () => {
  await openDevice("cpu");
  const { w, optimizer } = twoSteps();
  assertThrows(
    () => optimizer.update(new Map()),
    Error,
    'there is no gradient of "w"',
  );
  optimizer.dispose();
  w.dispose();
});

Deno.test("an optimizer names the moment that a checkpoint lacks", async () => {
  await openDevice("cpu");
  const { w, optimizer } = twoSteps();
  const arrays = await optimizer.copyState();
  arrays.delete("v.w");
  assertThrows(
    () => optimizer.restore(arrays, 2),
    Error,
    'there is no array "v.w"',
  );
  optimizer.dispose();
  w.dispose();
});

/** Batches of one example each, so that most rows are not read by most. */
async function singleExamples() {
  const reference = await readReference<D2lReference>("torch");
  const batches = [
    bookBatch(reference),
    pairBatch(reference, [0, 1, 2, 0, 1, 2]),
  ];
  return batches.flatMap((batch) =>
    Array.from({ length: batch.size }, (_, b) => pickExamples(batch, [b]))
  );
}

/** Adam over whole tables, without dropout. */
function wholeTables(model: BertClassifier) {
  const rule = adam("torch");
  const variables = [...model.parameters.values()].map((parameter) => ({
    parameter,
    state: rule.state.map(() =>
      tf.tidy(() => tf.variable(tf.zeros(parameter.shape)))
    ),
  }));
  return (batch: Batch, step: number) =>
    tf.tidy(() => {
      const placed = placeBatch(batch, model.tables, true);
      const targets = tf.tensor2d(
        classTargets(batch.labels, { ...trainingDefaults, classes: 3 }),
        [
          batch.size,
          3,
        ],
      );
      const { grads } = tf.valueAndGrads(() =>
        crossEntropy(model.logits(placed), targets)
      )([...model.parameters.values()]);
      const factors = rule.factors({
        step,
        learningRate: RATE,
        weightDecay: 0,
      });
      const updates = variables.map((of, i) => ({
        ...of,
        gradient: grads[i],
        factors,
      }));
      updateParameters(rule, updates, tf.scalar(1));
    });
}

Deno.test("twenty steps on the rows that batches read have the bits of steps on whole tables", async () => {
  await openDevice("cpu", { blas: "none" });
  const [some, all] = [await loadBook("torch"), await loadBook("torch")];
  const optimizer = new Optimizer(some.parameters, trainingDefaults);
  const wholeStep = wholeTables(all);
  const batches = await singleExamples();
  for (let step = 1; step <= 20; step++) {
    const batch = batches[(step * step) % batches.length];
    const figures = await trainStep(some, optimizer, batch, {
      settings: trainingDefaults,
      learningRate: RATE,
      draw: { seed: 0, step },
    });
    tf.dispose(figures as unknown as tf.TensorContainer);
    wholeStep(batch, step);
  }
  optimizer.settle();
  assertEquals(
    bitsOf(await some.copyParameters()),
    bitsOf(await all.copyParameters()),
  );
  optimizer.dispose();
  some.dispose();
  all.dispose();
});
