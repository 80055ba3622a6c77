import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { CpuBackend } from "../../../../lib/device/cpu/backend.ts";
import { openDevice } from "../../../../lib/device/mod.ts";
import { BertClassifier } from "../../../../lib/model/classifier.ts";
import { Optimizer } from "../../../../lib/optim/optimizer.ts";
import { trainStep } from "../../../../lib/train/step.ts";
import { trainingDefaults } from "../../../../lib/train/training_defaults.ts";
import {
  loadHf,
  openBook,
  pairBatch,
  pickExamples,
  readReference,
} from "../../../support/model/golden.ts";
import { slowTest } from "../../../support/slow.ts";

/** What must not grow. */
function held() {
  const { numTensors, numBytes, numDataBuffers } = tf.memory();
  const { arenaBytes } = tf.backend() as unknown as CpuBackend;
  return { numTensors, numBytes, numDataBuffers, arenaBytes };
}

/** Batches of every size from 1 to 24 examples. */
async function differentBatches() {
  const pairs = pairBatch(await readReference("torch"), [0, 1, 2, 0, 1, 2]);
  return Array.from(
    { length: 24 },
    (_, i) =>
      pickExamples(pairs, Array.from({ length: i + 1 }, (_, b) => (b * i) % 6)),
  );
}

for (
  const [name, load] of [
    ["the book's model", async () => {
      const { config, arrays } = await openBook("torch");
      return new BertClassifier({ ...config, dropout: 0.1 }, arrays);
    }],
    ["Hugging Face's model", loadHf],
  ] as const
) {
  /** Fails if the steps after the 40th take more memory. */
  const holdMemory = async (steps: number) => {
    await openDevice("cpu");
    const model = await load();
    const optimizer = new Optimizer(model.parameters, trainingDefaults);
    const batches = await differentBatches();
    let after40: ReturnType<typeof held> | undefined;
    for (let step = 0; step < steps; step++) {
      const batch = batches[(step * 7) % batches.length];
      const figures = await trainStep(model, optimizer, batch, {
        settings: trainingDefaults,
        learningRate: 1e-3,
        draw: { seed: 1, step },
      });
      tf.dispose(Object.values(figures));
      if (step === 39) after40 = held();
    }
    assertEquals(held(), after40);
    optimizer.dispose();
    model.dispose();
  };

  Deno.test(`80 steps of ${name} take no more memory than 40`, () =>
    holdMemory(80));
  slowTest(
    `200 steps of ${name} take no more memory than 40`,
    () => holdMemory(200),
  );
}

Deno.test("training leaves nothing behind", async () => {
  await openDevice("cpu");
  const before = held();
  const model = await loadHf();
  const optimizer = new Optimizer(model.parameters, trainingDefaults);
  const [batch] = await differentBatches();
  const figures = await trainStep(model, optimizer, batch, {
    settings: trainingDefaults,
    learningRate: 1e-3,
    draw: { seed: 1, step: 0 },
  });
  tf.dispose(Object.values(figures));
  optimizer.dispose();
  model.dispose();
  const { arenaBytes: _, ...after } = held();
  const { arenaBytes: __, ...expected } = before;
  assertEquals(after, expected);
});

Deno.test("a step that throws leaves nothing behind", async () => {
  await openDevice("cpu");
  const model = await loadHf();
  const optimizer = new Optimizer(model.parameters, trainingDefaults);
  const [batch] = await differentBatches();
  const { numTensors } = tf.memory();
  const tokenIds = batch.tokenIds.map(() => 1_000_000);
  await assertRejects(
    () =>
      trainStep(model, optimizer, { ...batch, tokenIds }, {
        settings: trainingDefaults,
        learningRate: 1e-3,
        draw: { seed: 1, step: 0 },
      }),
    RangeError,
    "1000000",
  );
  assertEquals(tf.memory().numTensors, numTensors);
  optimizer.dispose();
  model.dispose();
});
