/**
 * The L2 norm of many tensors taken as one.
 *
 *     norm = sqrt(sum of x[i]^2 over all elements of all tensors)
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../../device/define_op.ts";
import "./cpu.ts";
import "./webgpu.ts";

/** What the norm's kernel is told. */
export interface NormAttributes {
  /** What to take the norm of. */
  tensors: readonly tf.Tensor[];
}

/**
 * The L2 norm of many tensors taken as one. It has no gradient.
 *
 * @param tensors Of any shapes.
 * @return A scalar.
 */
export function globalNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  if (hasKernel("GlobalNorm")) {
    const attributes = { tensors } as unknown as tf.NamedAttrMap;
    return runKernel("GlobalNorm", {}, attributes)[0] as tf.Scalar;
  }
  // Two by two: addN takes no more tensors than a GPU binds buffers.
  return tf.tidy(() =>
    tf.sqrt(
      tensors.map((tensor) => tf.sum(tf.square(tensor)))
        .reduce((a, b) => tf.add(a, b)),
    )
  ) as tf.Scalar;
}

/**
 * What gradients are multiplied by so that their norm is at most a bound, as
 * PyTorch's `clip_grad_norm_` has it:
 *
 *     factor = min(1, most / (norm + 1e-6))
 *
 * It stays on the device. It has no gradient.
 *
 * @param norm The gradients' {@link globalNorm}.
 * @param most The bound, above 0.
 * @return A scalar.
 */
export function clipFactor(norm: tf.Scalar, most: number): tf.Scalar {
  if (hasKernel("ClipFactor")) {
    return runKernel("ClipFactor", { norm }, { most })[0] as tf.Scalar;
  }
  return tf.tidy(() => tf.minimum(tf.div(most, tf.add(norm, 1e-6)), 1));
}
