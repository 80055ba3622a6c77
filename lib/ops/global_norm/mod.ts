/**
 * The L2 norm of many tensors taken as one.
 *
 *     norm = sqrt(sum of x[i]^2 over all elements of all tensors)
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../../device/define_op.ts";
import "./cpu.ts";
import {
  CLIP_FACTOR,
  GLOBAL_NORM,
  referenceClip,
  referenceNorm,
} from "./reference.ts";
import "./webgpu.ts";

/**
 * The L2 norm of many tensors taken as one. It has no gradient.
 *
 * @param tensors Of any shapes.
 * @return A scalar.
 */
export function globalNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  if (!hasKernel(GLOBAL_NORM)) return referenceNorm(tensors);
  const attributes = { tensors } as unknown as tf.NamedAttrMap;
  return runKernel(GLOBAL_NORM, {}, attributes)[0] as tf.Scalar;
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
  return hasKernel(CLIP_FACTOR)
    ? runKernel(CLIP_FACTOR, { norm }, { most })[0] as tf.Scalar
    : referenceClip(norm, most);
}
