import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import { addNorm, layerNorm } from "../../../lib/ops/add_norm/mod.ts";
import { attention } from "../../../lib/ops/attention/mod.ts";
import type { Packing } from "../../../lib/ops/batch/packing.ts";
import { clsAttention } from "../../../lib/ops/cls_attention/mod.ts";
import { crossEntropy } from "../../../lib/ops/cross_entropy/mod.ts";
import { gatherCls } from "../../../lib/ops/gather_cls/mod.ts";
import { globalNorm } from "../../../lib/ops/global_norm/mod.ts";
import { type Activation, linear } from "../../../lib/ops/linear/mod.ts";
import { projections } from "../../../lib/ops/projections/mod.ts";
import { packingOf } from "../../support/ops/op.ts";
import { webgpuTest } from "../../support/require.ts";
import { slowTest } from "../../support/slow.ts";
import { declareTest } from "../../support/tier.ts";

/** Two examples of 3 tokens of 16 features; the second begins with a NaN. */
const LENGTHS = [3, 3];
const WIDTH = 16;

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

const OPERATIONS: Record<
  string,
  (x: tf.Tensor2D, packing: Packing) => tf.Tensor
> = {
  "layerNorm": (x) => layerNorm(x, norm()),
  "addNorm": (x, packing) => addNorm(x, x, norm(), { packing, rows: "all" }),
  "attention": (x, packing) =>
    attention(projections(x, [layer(), layer(), layer()]), {
      packing,
      heads: 2,
    }),
  "clsAttention": (x, packing) =>
    clsAttention(
      { query: gatherCls(x, packing), x },
      { key: layer(), value: layer() },
      { packing, heads: 2 },
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

/** What has the kernels of "linear with gelu", but for one expression. */
const OTHERS = ["none", "relu", "gelu-tanh", "tanh"]
  .map((activation) => `linear with ${activation}`);

for (const device of ["cpu", "webgpu"] as const) {
  const test = device === "cpu" ? Deno.test : webgpuTest;
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const isExample = device === "cpu" || !OTHERS.includes(name);
    const declare = isExample ? declareTest : slowTest;
    await declare(
      `on ${device} a NaN passes through ${name}, and stays in its example`,
      async () => {
        await openDevice(device);
        const results = tf.tidy(() => {
          // The tape frees what it sees made, and a gradient needs this.
          const packing = packingOf(LENGTHS);
          const slope = tf.onesLike(operation(numbers(), packing)) as tf.Scalar;
          const { value, grads } = tf.valueAndGrads((x) =>
            operation(x as tf.Tensor2D, packing) as tf.Scalar
          )([numbers()], slope);
          return [value as tf.Tensor, grads[0]];
        });
        const [value, gradient] = await Promise.all(
          results.map((tensor) => tensor.data()),
        );
        for (const values of [value, gradient]) {
          const first = values.subarray(0, values.length / 2);
          assertEquals(first.findIndex(Number.isNaN), -1);
        }
        assert(value.subarray(value.length / 2).some(Number.isNaN));
      },
      test,
    );
  }

  await test(`on ${device} a NaN among the logits makes the loss NaN`, async () => {
    await openDevice(device);
    const logits = tf.tensor2d([[1, 2, 3], [NaN, 1, 2]]);
    const targets = tf.tensor2d([[1, 0, 0], [0, 1, 0]]);
    const [loss] = await crossEntropy(logits, targets).data();
    assert(Number.isNaN(loss));
  });

  await test(
    `on ${device} a NaN or an infinity in any gradient shows in the norm`,
    async () => {
      await openDevice(device);
      const norm = async (odd: number) => {
        const gradients = [tf.ones([70]), tf.tensor1d([1, odd, 2])];
        return (await globalNorm(gradients).data())[0];
      };
      assert(Number.isNaN(await norm(NaN)));
      assertEquals(await norm(-Infinity), Infinity);
    },
  );
}
