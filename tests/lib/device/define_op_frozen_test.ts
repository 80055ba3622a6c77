import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../../../lib/device/define_op.ts";
import { openDevice } from "../../../lib/device/mod.ts";
import { linear } from "../../../lib/ops/linear/mod.ts";
import { projections } from "../../../lib/ops/projections/mod.ts";
import { randomArray } from "../../support/ops/arrays.ts";
import { placeArray } from "../../support/ops/op.ts";

/** A layer from 5 features to 4, trained or frozen. */
function layer(trainable: boolean, seed: number) {
  const variable = (shape: number[]) =>
    tf.variable(placeArray(randomArray(shape, seed)), trainable);
  return {
    weight: variable([4, 5]) as unknown as tf.Tensor2D,
    bias: variable([4]) as unknown as tf.Tensor1D,
  };
}

/** The gradient of x through a frozen and a trained layer. */
function gradientOfX(trainable: boolean): Float32Array {
  return tf.tidy(() => {
    const x = placeArray(randomArray([3, 5], 1));
    const [first, second] = [layer(trainable, 2), layer(true, 3)];
    const { grads: [gradient] } = tf.valueAndGrads((x) => {
      const y = projections(x as tf.Tensor2D, [first, second]);
      const z = linear(x as tf.Tensor2D, first, "gelu");
      return tf.customGrad(() => ({
        value: tf.scalar(0),
        gradFunc: () => [tf.onesLike(y), tf.onesLike(z)],
      }))(y, z) as tf.Scalar;
    })([x]);
    return gradient.dataSync() as Float32Array;
  });
}

Deno.test("what is below a frozen layer has the gradient of a trained one", async () => {
  await openDevice("cpu");
  assertEquals(gradientOfX(false), gradientOfX(true));
});

for (
  const [name, inputs, frozen] of [
    ["Linear", ["weight"], ["weight", "bias"]],
    ["Projections", ["weight0", "weight1"], ["weight1", "bias1"]],
  ] as const
) {
  Deno.test(`the CPU's gradient of ${name} leaves frozen inputs out`, async () => {
    await openDevice("cpu");
    tf.tidy(() => {
      const named = Object.fromEntries(
        inputs.map((input) => [input, tf.ones([4, 5])]),
      );
      const dy = tf.ones([3, 4 * inputs.length]);
      const gradients = runKernel(
        `${name}Gradient`,
        { dy, x: tf.ones([3, 5]), ...named },
        { activation: "none", frozen: [...frozen] },
      );
      assertEquals(
        gradients.map(({ shape }) => shape),
        name === "Linear" ? [[3, 5], [], []] : [[3, 5], [4, 5], [], [4], []],
      );
    });
  });
}
