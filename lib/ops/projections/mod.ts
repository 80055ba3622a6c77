/**
 * Several linear layers of one input, side by side: attention's projections.
 *
 *     y = [x W1^T + b1 | ... | x Wn^T + bn]    x [T, K], Wi [H, K], y [T, nH]
 *     dx = dy1 W1 + ... + dyn Wn
 *
 * One operation, so that the n terms of dx are added up where the products
 * are made; the weights stay apart, as model files have them. n is 3 for
 * query, key and value.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import type { Layer } from "../linear/mod.ts";
import "./cpu.ts";
import { layerInputs, projectionsDefinition } from "./reference.ts";
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
  const project = defineOp(projectionsDefinition(layers.length));
  return project({ x, ...layerInputs(layers) }, {}) as tf.Tensor2D;
}
