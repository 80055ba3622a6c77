/**
 * The L2 norm of many tensors taken as one.
 *
 *     norm = sqrt(sum of x[i]^2 over all elements of all tensors)
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../../device/define_op.ts";
import "./native.ts";
import "./webgpu.ts";

/**
 * The L2 norm of many tensors taken as one. It has no gradient.
 *
 * @param tensors Of any shapes.
 * @return A scalar.
 */
export function globalNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  if (hasKernel("GlobalNorm")) {
    const named = Object.fromEntries(tensors.entries());
    return runKernel("GlobalNorm", named)[0] as tf.Scalar;
  }
  // Two by two: addN takes no more tensors than a GPU binds buffers.
  return tf.tidy(() =>
    tf.sqrt(
      tensors.map((tensor) => tf.sum(tf.square(tensor)))
        .reduce((a, b) => tf.add(a, b)),
    )
  ) as tf.Scalar;
}
