/**
 * A sum of gradients in TensorFlow.js operations.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** The op's name; it has no gradient. */
export const ACCUMULATE = "Accumulate";

/** The sum as a tensor of its own. */
export function referenceSum(sum: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return tf.add(sum, x);
}
