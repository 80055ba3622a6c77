/**
 * Several linear layers of one input, side by side: attention's projections.
 *
 *     y = [x W1^T + b1 | ... | x Wn^T + bn]    x [T, K], Wi [H, K], y [T, nH]
 *     dx = dy1 W1 + ... + dyn Wn
 *
 * One operation, so that the n parts of dx are added up where the products
 * are made; the weights stay apart, as model files have them. n is 3 for
 * query, key and value.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import type { Layer } from "../linear/mod.ts";
import "./cpu.ts";
import "./webgpu.ts";

/**
 * The linear layers of one input.
 *
 * Its kernels get `x`, `weight0`, `bias0`, `weight1`, ...; the gradient's
 * kernel gets all but the biases.
 *
 * @param x Input, [T, K].
 * @param layers n layers of equal shapes.
 * @return [T, nH], a layer after another.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { projections } from "./mod.ts";
 * import { openDevice } from "../../device/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await openDevice("cpu");
 * const x = tf.tensor2d([[1, 2]]);
 * const key = { weight: tf.tensor2d([[1, 0]]), bias: tf.tensor1d([5]) };
 * const value = { weight: tf.tensor2d([[0, 3]]), bias: tf.tensor1d([0]) };
 * assertEquals(projections(x, [key, value]).arraySync(), [[6, 6]]);
 * ```
 */
export function projections(
  x: tf.Tensor2D,
  layers: readonly Layer[],
): tf.Tensor2D {
  const weights = layers.map((_, i) => `weight${i}`);
  const biases = layers.map((_, i) => `bias${i}`);
  const project = defineOp<string, Record<never, never>>({
    name: "Projections",
    inputs: ["x", ...weights, ...biases],
    saves: ["x", ...weights],
    reference: (inputs) => {
      const all = (names: string[], axis: number) =>
        tf.concat(names.map((name) => inputs[name]), axis);
      const product = tf.matMul(inputs.x, all(weights, 0), false, true);
      return tf.add(product, all(biases, 0));
    },
  });
  const inputs: Record<string, tf.Tensor> = { x };
  layers.forEach(({ weight, bias }, i) => {
    inputs[weights[i]] = weight;
    inputs[biases[i]] = bias;
  });
  return project(inputs, {}) as tf.Tensor2D;
}
