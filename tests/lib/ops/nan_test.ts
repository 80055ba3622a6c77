import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import { addNorm, layerNorm } from "../../../lib/ops/add_norm/mod.ts";
import { attention } from "../../../lib/ops/attention/mod.ts";
import { clsAttention } from "../../../lib/ops/cls_attention/mod.ts";
import { crossEntropy } from "../../../lib/ops/cross_entropy/mod.ts";
import { gatherCls } from "../../../lib/ops/gather_cls/mod.ts";
import { globalNorm } from "../../../lib/ops/global_norm/mod.ts";
import { type Activation, linear } from "../../../lib/ops/linear/mod.ts";
import { projections } from "../../../lib/ops/projections/mod.ts";
import { packingOf } from "./room.ts";

/** Two examples of 3 tokens of 8 features; the second begins with a NaN. */
const LENGTHS = [3, 3];
const WIDTH = 8;

function numbers(): tf.Tensor2D {
  const values = Float32Array.from({ length: 6 * WIDTH }, (_, i) => i % 7 - 3);
  values[3 * WIDTH] = NaN;
  return tf.tensor2d(values, [6, WIDTH]);
}

const norm = () => ({
  weight: tf.ones<tf.Rank.R1>([WIDTH]),
  bias: tf.zeros<tf.Rank.R1>([WIDTH]),
  epsilon: 1e-5,
});

const layer = () => ({
  weight: tf.ones<tf.Rank.R2>([WIDTH, WIDTH]),
  bias: tf.zeros<tf.Rank.R1>([WIDTH]),
});

const OPERATIONS: Record<string, (x: tf.Tensor2D) => tf.Tensor> = {
  "layerNorm": (x) => layerNorm(x, norm()),
  "addNorm": (x) =>
    addNorm(x, x, norm(), { packing: packingOf(LENGTHS), rows: "all" }),
  "attention": (x) =>
    attention(projections(x, [layer(), layer(), layer()]), {
      packing: packingOf(LENGTHS),
      heads: 2,
    }),
  "clsAttention": (x) =>
    clsAttention(
      { query: gatherCls(x, packingOf(LENGTHS)), x },
      { key: layer(), value: layer() },
      { packing: packingOf(LENGTHS), heads: 2 },
    ),
};
for (
  const activation of [
    "none",
    "relu",
    "gelu",
    "gelu-tanh",
    "tanh",
  ] as Activation[]
) {
  OPERATIONS[`linear with ${activation}`] = (x) =>
    linear(x, layer(), activation);
}

for (const [name, operation] of Object.entries(OPERATIONS)) {
  Deno.test(`a NaN passes through ${name}, and stays in its example`, async () => {
    await openDevice("cpu");
    tf.tidy(() => {
      const slope = tf.onesLike(operation(numbers())) as tf.Scalar;
      const { value, grads } = tf.valueAndGrads((x) =>
        operation(x as tf.Tensor2D) as tf.Scalar
      )([numbers()], slope);
      for (const tensor of [value as tf.Tensor, grads[0]]) {
        const values = tensor.dataSync();
        const first = values.subarray(0, values.length / 2);
        assertEquals(first.findIndex(Number.isNaN), -1);
      }
      const values = (value as tf.Tensor).dataSync();
      assert(values.subarray(values.length / 2).some(Number.isNaN));
    });
  });
}

Deno.test("a NaN among the logits makes the loss NaN", async () => {
  await openDevice("cpu");
  tf.tidy(() => {
    const logits = tf.tensor2d([[1, 2, 3], [NaN, 1, 2]]);
    const targets = tf.tensor2d([[1, 0, 0], [0, 1, 0]]);
    assert(Number.isNaN(crossEntropy(logits, targets).dataSync()[0]));
  });
});

Deno.test("a NaN or an infinity in any gradient shows in the norm", async () => {
  await openDevice("cpu");
  tf.tidy(() => {
    const odd = (value: number) =>
      globalNorm([tf.ones([70]), tf.tensor1d([1, value, 2])]).dataSync()[0];
    assert(Number.isNaN(odd(NaN)));
    assertEquals(odd(-Infinity), Infinity);
  });
});
