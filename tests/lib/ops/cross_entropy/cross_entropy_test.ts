import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../lib/device/mod.ts";
import {
  correctCount,
  crossEntropy,
} from "../../../../lib/ops/cross_entropy/mod.ts";
import {
  classTargets,
  type LossOptions,
} from "../../../../lib/ops/cross_entropy/targets.ts";
import { openStockWasm } from "../../../support/device/stock_wasm.ts";
import { randomArray } from "../../../support/ops/arrays.ts";
import { type OpCall, testOp } from "../../../support/ops/op.ts";
import { webgpuTest } from "../../../support/require.ts";

/** Logits are uniform in +-scale. */
function call(
  examples: number,
  classes: number,
  scale: number,
  total = examples,
  options: Partial<LossOptions> = {},
): OpCall {
  const logits = randomArray([examples, classes], 1, scale);
  const truth = Array.from({ length: examples }, (_, b) => (b * b) % classes);
  const slope = { shape: [], data: Float32Array.of(0.75) };
  return {
    inputs: { logits },
    slope,
    place: () => {
      const targets = tf.tensor2d(
        classTargets(Int32Array.from(truth), {
          classes,
          labelSmoothing: options.labelSmoothing,
          classWeights: options.classWeights,
        }),
        [examples, classes],
      );
      return ({ logits }) =>
        crossEntropy(logits as tf.Tensor2D, targets, { total });
    },
    exact() {
      let loss = 0;
      const dz = new Float64Array(logits.data.length);
      for (let b = 0; b < examples; b++) {
        const z = [...logits.data.subarray(b * classes, (b + 1) * classes)];
        const top = Math.max(...z);
        const powers = z.reduce((sum, c) => sum + Math.exp(c - top), 0);
        const { labelSmoothing = 0, classWeights } = options;
        const targets = z.map((_, c) =>
          (classWeights?.[c] ?? 1) *
          (labelSmoothing / classes + (c === truth[b] ? 1 - labelSmoothing : 0))
        );
        const whole = targets.reduce((sum, q) => sum + q);
        z.forEach((value, c) => {
          const p = Math.exp(value - top) / powers;
          loss -= targets[c] * Math.log(p) / total;
          dz[b * classes + c] = 0.75 / total * (whole * p - targets[c]);
        });
      }
      return { value: [loss], gradients: { logits: dz } };
    },
  };
}

await testOp("crossEntropy of one example", call(1, 3, 2));
await testOp("crossEntropy of 37 examples", call(37, 3, 2));
await testOp("crossEntropy of 5 of 64 examples", call(5, 3, 2, 64));
await testOp("crossEntropy of 2 classes", call(5, 2, 2));
await testOp(
  "crossEntropy of smoothed labels",
  call(37, 3, 2, 37, { labelSmoothing: 0.2 }),
);
await testOp(
  "crossEntropy of weighted classes with smoothed labels",
  call(37, 3, 2, 50, { labelSmoothing: 0.2, classWeights: [0.5, 2, 3] }),
);
await testOp("crossEntropy of logits up to 90", call(9, 5, 90));

/** Right, wrong, and two ties: the first of equal logits counts. */
const LOGITS = [[0.1, 0.9, 0.2], [3, 1, 2], [1, 1, 0], [1, 1, 0]];
const LABELS = [1, 2, 0, 1];

async function count(): Promise<number> {
  const tensor = tf.tidy(() =>
    correctCount(tf.tensor2d(LOGITS), tf.tensor1d(LABELS, "int32"))
  );
  const [right] = await tensor.data();
  tensor.dispose();
  return right;
}

Deno.test("correctCount counts the first of equal logits on the CPU", async () => {
  await openDevice("cpu");
  assertEquals(await count(), 2);
});

Deno.test("correctCount's reference counts the first of equal logits", async () => {
  await openStockWasm();
  assertEquals(await count(), 2);
});

await webgpuTest(
  "correctCount counts the first of equal logits by WebGPU",
  async () => {
    await openDevice("webgpu");
    assertEquals(await count(), 2);
  },
);
