import { assert, assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../../../lib/data/batch/batches.ts";
import { type DeviceKind, openDevice } from "../../../../lib/device/mod.ts";
import type { GpuBackend } from "../../../../lib/device/webgpu/backend.ts";
import { BertClassifier } from "../../../../lib/model/classifier.ts";
import { Optimizer } from "../../../../lib/optim/optimizer.ts";
import { trainStep } from "../../../../lib/train/step.ts";
import { trainingDefaults } from "../../../../lib/train/training_defaults.ts";
import { withFreshGpu } from "../../../support/device/fresh_gpu.ts";
import {
  bitsOf,
  largestDifference,
  openBook,
  pairBatch,
  pickExamples,
  readReference,
} from "../../../support/model/golden.ts";
import { webgpuTest } from "../../../support/require.ts";
import { slowTest } from "../../../support/slow.ts";

/** A batch of some examples of the golden pairs, by their number. */
async function batchOf(count: number, step = 1): Promise<Batch> {
  const pairs = pairBatch(await readReference("torch"), [0, 1, 2, 0, 1, 2]);
  return pickExamples(
    pairs,
    Array.from({ length: count }, (_, b) => (b * step + b) % 6),
  );
}

/** The book's model, of bert.small's build, to be trained on a device. */
async function open(device: DeviceKind) {
  await openDevice(device);
  const { config, arrays } = await openBook("torch");
  const model = new BertClassifier({ ...config, dropout: 0.1 }, arrays);
  const optimizer = new Optimizer(model.parameters, trainingDefaults);
  return {
    model,
    /** Trains one step; gives its loss. */
    async train(batch: Batch, step: number): Promise<number> {
      const figures = await trainStep(model, optimizer, batch, {
        settings: { ...trainingDefaults, maxGradNorm: 1 },
        learningRate: 1e-3,
        draw: { seed: 1, step },
      });
      const [loss] = await figures.loss.data();
      tf.dispose(Object.values(figures));
      return loss;
    },
    settle: () => optimizer.settle(),
    dispose() {
      optimizer.dispose();
      model.dispose();
    },
  };
}

/** Twelve steps of three batches that share some words. */
async function trainTwelve(device: DeviceKind) {
  const run = await open(device);
  const batches = [await batchOf(6), await batchOf(3), await batchOf(9, 3)];
  const losses: number[] = [];
  for (let step = 0; step < 12; step++) {
    losses.push(await run.train(batches[step % 3], step));
  }
  run.settle();
  const bits = bitsOf(await run.model.copyParameters());
  run.dispose();
  return { losses, bits };
}

await webgpuTest(
  "a training step of a model of bert.small's build takes at most 80 dispatches",
  async () => {
    const run = await open("webgpu");
    const backend = tf.backend() as unknown as GpuBackend;
    // So many tokens that sums over them are made in slices.
    const batches = [await batchOf(1), await batchOf(512)];
    await run.train(batches[1], 0);
    // Then the words that it doesn't have fall behind.
    await run.train(batches[0], 1);
    const before = backend.dispatches;
    await run.train(batches[1], 2);
    const dispatches = backend.dispatches - before;
    assert(dispatches <= 80, `${dispatches} dispatches`);
    run.dispose();
  },
);

await webgpuTest(
  "twelve steps by WebGPU have the losses of the CPU within 1e-4",
  async () => {
    const [gpu, cpu] = [await trainTwelve("webgpu"), await trainTwelve("cpu")];
    assertLess(largestDifference(gpu.losses, cpu.losses), 1e-4);
  },
);

await webgpuTest(
  "twelve steps by WebGPU give the same bits twice",
  async () => {
    assertEquals(await trainTwelve("webgpu"), await trainTwelve("webgpu"));
  },
);

/** Fails if the steps after the 40th take more memory. */
function holdMemory(steps: number): Promise<void> {
  // Other tests leave free buffers behind, which are used in their turn.
  return withFreshGpu(async (backend) => {
    const run = await open("webgpu");
    const held = () => {
      const { numTensors, numDataBuffers, numBytes } = tf.memory();
      const { numBytesAllocatedInGPU } = backend.memory();
      const { buffers } = backend;
      const own = { buffers, numBytesAllocatedInGPU };
      return { numTensors, numDataBuffers, numBytes, ...own };
    };
    const batches: Batch[] = [];
    for (const count of [1, 2, 5, 3, 8]) {
      batches.push(await batchOf(count, 2));
    }
    let after40: ReturnType<typeof held> | undefined;
    for (let step = 0; step < steps; step++) {
      await run.train(batches[step % batches.length], step);
      if (step === 39) after40 = held();
    }
    assertEquals(held(), after40);
    run.dispose();
  });
}

await webgpuTest(
  "80 steps by WebGPU take no more memory than 40",
  () => holdMemory(80),
);
await slowTest(
  "200 steps by WebGPU take no more memory than 40",
  () => holdMemory(200),
  webgpuTest,
);
