/** Ten steps of Hugging Face's recipe: AdamW, clipping, warm-up and decay. */
import { assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type DeviceKind, openDevice } from "../../../lib/device/mod.ts";
import { Optimizer } from "../../../lib/optim/optimizer.ts";
import {
  learningRateAt,
  type ScheduleOptions,
} from "../../../lib/optim/schedule.ts";
import { trainStep } from "../../../lib/train/step.ts";
import { trainingDefaults } from "../../../lib/train/training_defaults.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import {
  hfBatch,
  type HfReference,
  largestDifference,
  loadHf,
  readReference,
} from "../../support/model/golden.ts";
import { assertClose } from "../../support/ops/arrays.ts";
import { webgpuTest } from "../../support/require.ts";

const STEPS = 10;
const SCHEDULE: ScheduleOptions = {
  learningRate: 1e-3,
  schedule: "linear",
  warmupSteps: 3,
  warmupRatio: undefined,
};

async function trainTen(device: DeviceKind) {
  await openDevice(device);
  const reference = await readReference<HfReference>("hf");
  const batch = hfBatch(reference);
  const model = await loadHf();
  const optimizer = new Optimizer(model.parameters, {
    ...trainingDefaults,
    optimizer: "adamw",
    weightDecay: 1,
  });
  const losses: number[] = [];
  const norms: number[] = [];
  const rates: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const figures = await trainStep(model, optimizer, batch, {
      settings: { ...trainingDefaults, maxGradNorm: 0.1 },
      learningRate: learningRateAt(step, STEPS, SCHEDULE),
      draw: { seed: 0, step: 0 },
    });
    losses.push((await figures.loss.data())[0]);
    norms.push((await figures.gradientNorm.data())[0]);
    rates.push(figures.learningRate);
    tf.dispose(figures as unknown as tf.TensorContainer);
  }
  optimizer.settle();
  const parameters = await model.copyParameters();
  optimizer.dispose();
  model.dispose();
  return { losses, norms, rates, parameters, reference };
}

/** The largest difference from the parameters after PyTorch's ten steps. */
async function differenceAfterTen(
  parameters: Awaited<ReturnType<typeof trainTen>>["parameters"],
): Promise<number> {
  const after = await openModelDir("fixtures/golden/hf", {
    weights: "fixtures/golden/hf/after10.safetensors",
  });
  let largest = 0;
  for (const [name, { data }] of after.arrays) {
    // Its gradient is 0 but for rounding, which Adam makes steps of.
    if (name.endsWith("attention.key.bias")) continue;
    const difference = largestDifference(parameters.get(name)!.data, data);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

for (const device of ["cpu", "webgpu"] as const) {
  const test = device === "webgpu" ? webgpuTest : Deno.test;
  const trained = once(() => trainTen(device));

  await test(`Hugging Face's recipe on ${device} has its losses`, async () => {
    const { losses, reference } = await trained();
    assertEquals(losses.length, reference.losses.length);
    assertClose(losses, reference.losses, 1e-4);
  });

  await test(`Hugging Face's recipe on ${device} has its norms before clipping`, async () => {
    const { norms, reference } = await trained();
    assertClose(norms, reference.grad_norms_before_clip, 1e-4);
  });

  await test(`Hugging Face's recipe on ${device} ends at its parameters`, async () => {
    const { parameters } = await trained();
    assertLess(await differenceAfterTen(parameters), 1e-5);
  });
}

Deno.test("a linear schedule with warm-up has Hugging Face's rates", async () => {
  const { learning_rates } = await readReference<HfReference>("hf");
  learning_rates.forEach((rate, i) => {
    const own = learningRateAt(i + 1, STEPS, SCHEDULE);
    assertLess(Math.abs(own - rate), 1e-12);
  });
});

function once<T>(run: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => result ??= run();
}
