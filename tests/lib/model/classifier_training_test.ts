import { assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type DeviceKind, openDevice } from "../../../lib/device/mod.ts";
import { BertClassifier } from "../../../lib/model/classifier.ts";
import { placeBatch } from "../../../lib/ops/batch/place_batch.ts";
import { crossEntropy } from "../../../lib/ops/cross_entropy/mod.ts";
import { classTargets } from "../../../lib/ops/cross_entropy/targets.ts";
import { globalNorm } from "../../../lib/ops/global_norm/mod.ts";
import { Optimizer } from "../../../lib/optim/optimizer.ts";
import type { OptimizerName } from "../../../lib/optim/optimizer_options.ts";
import { trainStep } from "../../../lib/train/step.ts";
import { trainingDefaults } from "../../../lib/train/training_defaults.ts";
import { neutralName } from "../../../lib/weights/families/names.ts";
import type { NamedArrays } from "../../../lib/weights/formats/arrays.ts";
import {
  bitsOf,
  bookBatch,
  type D2lReference,
  type Framework,
  hfBatch,
  type HfReference,
  largestDifference,
  loadBook,
  loadHf,
  openBook,
  pairBatch,
  pickExamples,
  readReference,
} from "../../support/model/golden.ts";
import { assertClose, relativeError } from "../../support/ops/arrays.ts";
import { webgpuTest } from "../../support/require.ts";

const FORMS: Record<Framework, OptimizerName> = {
  mxnet: "adam-mxnet",
  torch: "adam",
};
const FRAMEWORKS = Object.keys(FORMS) as Framework[];

const noDraw = { seed: 0, step: 0 };

/** Mean loss before each of ten steps, and the parameters after them. */
async function trainTen(framework: Framework, device: DeviceKind) {
  await openDevice(device);
  const reference = await readReference<D2lReference>(framework);
  const batch = bookBatch(reference);
  const model = await loadBook(framework);
  const optimizer = new Optimizer(model.parameters, {
    ...trainingDefaults,
    optimizer: FORMS[framework],
  });
  const losses: number[] = [];
  for (let step = 0; step < 10; step++) {
    const { loss, correct } = await trainStep(model, optimizer, batch, {
      settings: trainingDefaults,
      learningRate: reference.lr,
      draw: noDraw,
    });
    losses.push((await loss.data())[0]);
    tf.dispose([loss, correct]);
  }
  optimizer.settle();
  const parameters = await model.copyParameters();
  optimizer.dispose();
  model.dispose();
  const expected = reference.losses.map((row) =>
    row.reduce((a, b) => a + b) / row.length
  );
  return { losses, expected, parameters };
}

/**
 * The largest difference between parameters after ten steps. Keys' biases are
 * left out: they shift all scores of a query alike, so their gradient is 0 but
 * for rounding, which Adam makes steps of.
 */
async function differenceAfterTen(
  framework: Framework,
  parameters: NamedArrays,
): Promise<number> {
  const after = await openBook(framework, "classifier_after10.params");
  let largest = 0;
  for (const [name, { data }] of after.arrays) {
    if (name.endsWith("attention.key.bias")) continue;
    const difference = largestDifference(parameters.get(name)!.data, data);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** L2 norm of each parameter's gradient of the mean loss, by neutral name. */
async function gradientNorms(
  framework: Framework,
): Promise<Map<string, number>> {
  const batch = bookBatch(await readReference<D2lReference>(framework));
  const model = await loadBook(framework);
  const norms = tf.tidy(() => {
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
    return grads.map((gradient) => globalNorm([gradient]));
  });
  const values = await Promise.all(norms.map((norm) => norm.data()));
  tf.dispose(norms);
  const names = [...model.parameters.keys()];
  model.dispose();
  return new Map(names.map((name, i) => [name, values[i][0]]));
}

/** The framework's norms of the same, but of keys' biases, which are 0. */
async function expectedNorms(
  framework: Framework,
): Promise<Map<string, number>> {
  const reference = await readReference<D2lReference>(framework);
  const { grad_norms_of_mean_loss, grad_norms_of_summed_loss } = reference;
  const norms = grad_norms_of_mean_loss ?? grad_norms_of_summed_loss!;
  const examples = grad_norms_of_mean_loss ? 1 : reference.labels.length;
  return new Map(
    Object.entries(norms)
      .map(([name, norm]) =>
        [neutralName(name, `d2l-${framework}`)!, norm / examples] as const
      )
      .filter(([name]) => !name.endsWith("attention.key.bias")),
  );
}

/** The largest error of a gradient's norm, relative to that norm. */
async function largestNormError(framework: Framework): Promise<number> {
  const norms = await gradientNorms(framework);
  const expected = await expectedNorms(framework);
  assertLess(20, expected.size);
  const errors = [...expected].map(([name, norm]) =>
    relativeError([norms.get(name)!], [norm])
  );
  return Math.max(...errors);
}

/** The first step's figures on Hugging Face's model. */
async function hfStep(device: DeviceKind) {
  await openDevice(device);
  const reference = await readReference<HfReference>("hf");
  const model = await loadHf();
  const optimizer = new Optimizer(model.parameters, trainingDefaults);
  const figures = await trainStep(model, optimizer, hfBatch(reference), {
    settings: trainingDefaults,
    learningRate: 0,
    draw: noDraw,
  });
  const [loss] = await figures.loss.data();
  const [norm] = await figures.gradientNorm!.data();
  tf.dispose([figures.loss, figures.correct, figures.gradientNorm!]);
  optimizer.dispose();
  model.dispose();
  return { loss, norm, reference };
}

/** How far off a device may be. */
interface Limits {
  /** Each loss, relative. */
  loss: number;
  /** Any parameter, absolute; a step is 1e-3. */
  parameters: number;
  /** Each gradient's norm, relative. */
  norms: number;
}

/** The CPU and PyTorch round alike. MXNet's own gradients are 2e-6 off. */
const ON_CPU: Record<Framework, Limits> = {
  mxnet: { loss: 1e-5, parameters: 3e-5, norms: 5e-6 },
  torch: { loss: 3e-7, parameters: 5e-7, norms: 1e-6 },
};
/** What elementary functions may be off by is up to the GPU. */
const ON_GPU: Limits = { loss: 1e-4, parameters: 1e-4, norms: 1e-4 };

for (const device of ["cpu", "webgpu"] as const) {
  const test = device === "webgpu" ? webgpuTest : Deno.test;
  for (const framework of FRAMEWORKS) {
    const limits = device === "cpu" ? ON_CPU[framework] : ON_GPU;
    const trained = once(() => trainTen(framework, device));

    await test(`ten steps on ${device} lose what ${framework}'s lose`, async () => {
      const { losses, expected } = await trained();
      assertEquals(losses.length, expected.length);
      losses.forEach((loss, step) =>
        assertClose([loss], [expected[step]], limits.loss, `loss ${step}`)
      );
    });

    await test(`ten steps on ${device} end at ${framework}'s parameters`, async () => {
      const { parameters } = await trained();
      const difference = await differenceAfterTen(framework, parameters);
      assertLess(difference, limits.parameters);
    });

    await test(`each gradient on ${device} has the norm of ${framework}'s`, async () => {
      await openDevice(device);
      assertLess(await largestNormError(framework), limits.norms);
    });
  }

  const limits = device === "cpu" ? ON_CPU.torch : ON_GPU;
  const first = once(() => hfStep(device));

  await test(`the first step on ${device} has Hugging Face's loss`, async () => {
    const { loss, reference } = await first();
    assertClose([loss], [reference.losses[0]], limits.loss);
  });

  await test(`all gradients on ${device} have Hugging Face's norm`, async () => {
    const { norm, reference } = await first();
    assertClose([norm], [reference.grad_norms_before_clip[0]], limits.norms);
  });
}

/** Runs what several tests look at when the first of them asks. */
function once<T>(run: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => result ??= run();
}

/** Five steps with dropout on 48 pairs: enough work for all threads. */
async function trainFive(seed: number, threads?: number) {
  await openDevice("cpu", { threads, blas: "none" });
  const pairs = pairBatch(await readReference("torch"), [0, 1, 2, 0, 1, 2]);
  const batch = pickExamples(
    pairs,
    Array.from({ length: 48 }, (_, i) => i % 6),
  );
  const { config, arrays } = await openBook("torch");
  const model = new BertClassifier({ ...config, dropout: 0.2 }, arrays);
  const optimizer = new Optimizer(model.parameters, trainingDefaults);
  for (let step = 0; step < 5; step++) {
    const { loss, correct } = await trainStep(model, optimizer, batch, {
      settings: trainingDefaults,
      learningRate: 1e-3,
      draw: { seed, step },
    });
    tf.dispose([loss, correct]);
  }
  optimizer.settle();
  const bits = bitsOf(await model.copyParameters());
  optimizer.dispose();
  model.dispose();
  return bits;
}

Deno.test("five steps with dropout give the same bits twice", async () => {
  assertEquals(await trainFive(3), await trainFive(3));
});

Deno.test("five steps with another seed give other bits", async () => {
  const name = "layers.0.ffn.up.weight";
  const [one, other] = [await trainFive(3), await trainFive(4)];
  const same = one.get(name)!.filter((bits, i) => bits === other.get(name)![i]);
  assertLess(same.length, one.get(name)!.length / 10);
});

for (const threads of [2, 3, 5]) {
  Deno.test(`five steps with dropout give the same bits on ${threads} threads as on one`, async () => {
    assertEquals(await trainFive(3, threads), await trainFive(3, 1));
  });
}
