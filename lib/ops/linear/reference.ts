/**
 * A linear layer in TensorFlow.js operations.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { OpDefinition } from "../../device/define_op.ts";

/** What follows the product: `gelu` is exact, `gelu-tanh` the tanh form. */
export type Activation = "none" | "relu" | "gelu" | "gelu-tanh" | "tanh";

/** What a linear layer learns. */
export interface Layer {
  /** (out, in), [N, K]. */
  weight: tf.Tensor2D;
  /** [N]. */
  bias: tf.Tensor1D;
}

/** What a linear layer's kernels need to know. */
export interface LinearAttributes {
  activation: Activation;
}

/** The op. */
export const linearDefinition: OpDefinition<
  "x" | "weight" | "bias",
  LinearAttributes,
  tf.Tensor
> = {
  name: "Linear",
  inputs: ["x", "weight", "bias"],
  saves: ["x", "weight"],
  reference: ({ x, weight, bias }, { activation }) =>
    activate(tf.add(tf.matMul(x, weight, false, true), bias), activation),
};

function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  switch (activation) {
    case "none":
      return x;
    case "relu":
      return tf.relu(x);
    case "tanh":
      return tf.tanh(x);
    case "gelu":
      return tf.mul(
        x,
        tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5),
      );
    case "gelu-tanh": {
      const inner = tf.mul(
        tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)),
        Math.sqrt(2 / Math.PI),
      );
      return tf.mul(x, tf.add(tf.mul(tf.tanh(inner), 0.5), 0.5));
    }
  }
}
