/**
 * A linear layer with its activation.
 *
 *     y = f(x W^T + b)    x [T, K], W [N, K], b [N], y [T, N]
 *
 * W is (out, in), as PyTorch, MXNet and Hugging Face store it, so weights are
 * never transposed in memory. GELU is Hendrycks and Gimpel, 2016.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import "./cpu.ts";
import "./webgpu.ts";

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

const layerOp = defineOp<"x" | "weight" | "bias", LinearAttributes>({
  name: "Linear",
  inputs: ["x", "weight", "bias"],
  saves: ["x", "weight"],
  reference: ({ x, weight, bias }, { activation }) =>
    activate(tf.add(tf.matMul(x, weight, false, true), bias), activation),
});

/**
 * A linear layer with its activation.
 *
 * @param x Input, [T, K].
 * @param layer Weight [N, K] and bias [N].
 * @param activation Applied to each element.
 * @return [T, N].
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { linear } from "./mod.ts";
 * import { openDevice } from "../../device/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await openDevice("cpu");
 * const x = tf.tensor2d([[1, 2]]);
 * const layer = { weight: tf.tensor2d([[3, 4], [-5, 0]]), bias: tf.tensor1d([1, 1]) };
 * assertEquals(linear(x, layer, "relu").arraySync(), [[12, 0]]);
 * ```
 */
export function linear(
  x: tf.Tensor2D,
  layer: Layer,
  activation: Activation = "none",
): tf.Tensor2D {
  return layerOp({ x, ...layer }, { activation }) as tf.Tensor2D;
}

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
