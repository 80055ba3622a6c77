/**
 * The norm of many tensors, and what clips it, in TensorFlow.js operations.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** The norm's name; it has no gradient. */
export const GLOBAL_NORM = "GlobalNorm";

/** What the norm's kernels are told. */
export interface NormAttributes {
  /** What to take the norm of. */
  tensors: readonly tf.Tensor[];
}

/** The norm's reference. */
export function referenceNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  // Two by two: addN takes no more tensors than a GPU binds buffers.
  return tf.tidy(() =>
    tf.sqrt(
      tensors.map((tensor) => tf.sum(tf.square(tensor)))
        .reduce((a, b) => tf.add(a, b)),
    )
  ) as tf.Scalar;
}

/** The name of the factor that clips; it has no gradient. */
export const CLIP_FACTOR = "ClipFactor";

/** What is added to the norm, so that nothing is divided by 0. */
export const CLIP_EPSILON = 1e-6;

/** What the factor's kernels are told. */
export interface ClipAttributes {
  /** The norm's bound. */
  most: number;
}

/** The factor's reference. */
export function referenceClip(norm: tf.Scalar, most: number): tf.Scalar {
  return tf.tidy(() => tf.minimum(tf.div(most, tf.add(norm, CLIP_EPSILON)), 1));
}
