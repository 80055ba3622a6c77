import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../lib/device/mod.ts";
import { Optimizer } from "../../../../lib/optim/optimizer.ts";
import { roundUp } from "../../../../lib/optim/rounding.ts";
import { fillBatch } from "../../../../lib/train/data/fill_batch.ts";
import {
  type MicroBatch,
  microBatches,
} from "../../../../lib/train/data/micro_batches.ts";
import {
  gradientsOf,
  placeMicroBatch,
} from "../../../../lib/train/gradients.ts";
import { trainingDefaults } from "../../../../lib/train/training_defaults.ts";
import {
  loadBook,
  pairBatch,
  readReference,
} from "../../../support/model/golden.ts";
import { assertClose } from "../../../support/ops/arrays.ts";

/** Examples of some lengths, one after the other. */
function examplesOf(lengths: number[]): MicroBatch {
  const offsets = Int32Array.of(0, ...lengths);
  for (let b = 1; b < offsets.length; b++) offsets[b] += offsets[b - 1];
  const ids = lengths.flatMap((length) => Array(length).keys().toArray());
  return {
    first: 0,
    tableSlots: Int32Array.from(ids, (id) => 7 + id),
    segments: new Int32Array(ids.length).fill(1),
    positions: Int32Array.from(ids),
    offsets,
    labels: new Int32Array(lengths.length).fill(2),
  };
}

for (const count of [1, 31, 32, 33, 63, 64, 300, 511, 512, 13_346, 16_383]) {
  Deno.test(`a batch of ${count} tokens is filled up to a round number`, () => {
    const batch = examplesOf([count]);
    const filled = fillBatch(batch);
    const total = filled.tableSlots.length;
    assertEquals(total, roundUp(total, 32));
    assert(total > count && total <= 1 + 1.07 * count);
    assertEquals(filled.tableSlots.subarray(0, count), batch.tableSlots);
    assertEquals(filled.labels[0], 2);
    // Each filler begins at position 0 and has no class.
    const { offsets, labels, positions } = filled;
    assertEquals(offsets.at(-1), total);
    assertEquals(offsets.length, labels.length + 1);
    for (let b = 1; b < labels.length; b++) {
      const own = positions.subarray(offsets[b], offsets[b + 1]);
      assertEquals(
        [...own],
        own.length === 0 ? [] : [0, ...own.fill(1, 1).slice(1)],
      );
      assert(own.length > 0 && own.length <= 65, `${own.length} tokens`);
      assertEquals(labels[b], -1);
    }
  });
}

Deno.test("what fills a batch changes neither its figures nor its gradients", async () => {
  await openDevice("cpu", { blas: "none" });
  const model = await loadBook("torch");
  const optimizer = new Optimizer(model.parameters, trainingDefaults);
  const whole = pairBatch(await readReference("torch"), [0, 1, 2, 0, 1, 2]);
  const results = tf.tidy(() => {
    const inputs = optimizer.begin(whole.tokenIds, { learningRate: 0 });
    const { tableSlots, slotCount } = inputs;
    const [only] = microBatches(whole, { tableSlots, mostTokens: Infinity });
    const options = {
      model,
      optimizer,
      parameters: optimizer.parameters(),
      numbers: { seed: 1, step: 1, total: whole.size },
    };
    const loss = { labelSmoothing: 0.1, classWeights: undefined };
    return [only, fillBatch(only)].map((microBatch) => {
      const all = gradientsOf(
        options,
        placeMicroBatch(microBatch, {
          model,
          optimizer,
          slotCount,
          rounded: false,
          loss,
        }),
      );
      return [all.loss, all.correct, ...all.gradients]
        .map((tensor) => tensor.dataSync().slice());
    });
  });
  const [plain, filled] = results;
  assert(plain.length > 30);
  plain.forEach((values, i) => assertClose(filled[i], values, 1e-6));
  optimizer.dispose();
  model.dispose();
});
