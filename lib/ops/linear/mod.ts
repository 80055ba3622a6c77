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
import type * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import "./cpu.ts";
import { type Activation, type Layer, linearDefinition } from "./reference.ts";
import "./webgpu.ts";

export type { Activation, Layer };

const runLayer = defineOp(linearDefinition);

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
  return runLayer({ x, ...layer }, { activation }) as tf.Tensor2D;
}
