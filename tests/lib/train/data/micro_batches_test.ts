import { assertEquals, assertLess, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../../../lib/base/errors.ts";
import type { Batch } from "../../../../lib/data/batch/batches.ts";
import { type DeviceKind, openDevice } from "../../../../lib/device/mod.ts";
import { BertClassifier } from "../../../../lib/model/classifier.ts";
import { Optimizer } from "../../../../lib/optim/optimizer.ts";
import {
  type MicroBatch,
  microBatches,
} from "../../../../lib/train/data/micro_batches.ts";
import { tokensThatFit } from "../../../../lib/train/memory.ts";
import { trainStep } from "../../../../lib/train/step.ts";
import { trainingDefaults } from "../../../../lib/train/training_defaults.ts";
import { openModelDir } from "../../../../lib/weights/model_dir.ts";
import {
  type D2lReference,
  largestDifference,
  packRows,
  readReference,
} from "../../../support/model/golden.ts";
import { webgpuTest } from "../../../support/require.ts";

const { pairs } = await readReference<D2lReference>("torch");
const opened = await openModelDir("fixtures/golden/torch", {
  heads: 4,
  dropout: 0.3,
  weights: "classifier.params",
});
const batch: Batch = packRows(
  pairs.map((pair) => pair.token_ids),
  pairs.map((pair) => pair.segments),
  {
    lengths: pairs.map((pair) => pair.token_ids.length),
    labels: pairs.map((_, i) => i % 3),
  },
);
/** Three steps with dropout: the losses, and the parameters after them. */
async function train(
  microBatchTokens: number | undefined,
  device: DeviceKind = "cpu",
) {
  await openDevice(device);
  const model = new BertClassifier(opened.config, opened.arrays);
  const optimizer = new Optimizer(model.parameters, trainingDefaults);
  const losses: number[] = [];
  for (let step = 1; step <= 3; step++) {
    const figures = await trainStep(model, optimizer, batch, {
      settings: { ...trainingDefaults, microBatchTokens },
      learningRate: 1e-3,
      draw: { seed: 5, step },
    });
    losses.push(
      ...await figures.loss.data(),
      ...await figures.gradientNorm!.data(),
    );
    tf.dispose(figures as unknown as tf.TensorContainer);
  }
  optimizer.settle();
  const parameters = await model.copyParameters();
  model.dispose();
  optimizer.dispose();
  return { losses, parameters };
}

for (const mostTokens of [1, 20, 40]) {
  Deno.test(`a step in micro-batches of ${mostTokens} tokens is the step over the whole batch`, async () => {
    const whole = await train(undefined);
    const cut = await train(mostTokens);
    assertLess(largestDifference(cut.losses, whole.losses), 1e-5);
    for (const [name, { data }] of whole.parameters) {
      // Adam makes a whole step of a gradient that is 0 but for rounding, as
      // that of a key's bias is.
      const tolerance = name.endsWith("key.bias") ? 1e-2 : 2e-5;
      const other = cut.parameters.get(name)!.data;
      assertLess(largestDifference(other, data), tolerance, name);
    }
  });
}

await webgpuTest(
  "a step in micro-batches by WebGPU is the step over the whole batch",
  async () => {
    const whole = await train(undefined, "webgpu");
    const cut = await train(20, "webgpu");
    assertLess(largestDifference(cut.losses, whole.losses), 1e-5);
  },
);

/** Cuts the batch, all of whose token table is in use. */
function cutBatch(mostTokens: number): MicroBatch[] {
  return [...microBatches(batch, { tableSlots: batch.tokenIds, mostTokens })];
}

Deno.test("a micro-batch has no more tokens than may be computed at once", () => {
  for (const { tableSlots } of cutBatch(30)) {
    assertLess(tableSlots.length, 31);
  }
});

Deno.test("an example longer than a micro-batch is one alone", () => {
  const sizes = cutBatch(1).map(({ offsets }) => offsets.length - 1);
  assertEquals(sizes, pairs.map(() => 1));
});

Deno.test("the micro-batches are the batch in order", () => {
  const cut = cutBatch(25);
  assertEquals(
    cut.flatMap(({ tableSlots }) => [...tableSlots]),
    [...batch.tokenIds],
  );
  assertEquals(cut.flatMap(({ labels }) => [...labels]), [...batch.labels]);
  assertEquals(cut.map(({ first }) => first), [
    ...cut.map((_, i) =>
      cut.slice(0, i).reduce((n, { labels }) => n + labels.length, 0)
    ),
  ]);
});

Deno.test("training in micro-batches leaves nothing on the device", async () => {
  await train(20);
  const before = tf.memory().numTensors;
  await train(20);
  assertEquals(tf.memory().numTensors, before);
});

/** A model of bert.base's shape but for what is given. */
function baseShape(hidden: number, blocks: number) {
  return {
    ...opened.config,
    vocabulary: 60005,
    embedding: hidden,
    hidden,
    feedForward: 4 * hidden,
    heads: hidden / 64,
    blocks,
    positions: 512,
  };
}

Deno.test("bert.base fits into the CPU's memory, a thousand tokens at once", () => {
  const lengths = { meanLength: 26, longest: 128 };
  assertLess(1000, tokensThatFit(baseShape(768, 12), lengths));
});

Deno.test("a model that can't be trained on the CPU is refused with what it takes", () => {
  assertThrows(
    () => tokensThatFit(baseShape(1024, 24), { meanLength: 26, longest: 128 }),
    UserError,
    "365 million parameters and one example of 128 tokens take",
  );
});
