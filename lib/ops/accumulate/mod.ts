/**
 * Sums of gradients over the micro-batches of a batch.
 *
 *     sum += x
 *
 * One operation, since a new tensor for each sum would be a third copy of the
 * largest gradient.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../../device/define_op.ts";
import "./cpu.ts";
import { ACCUMULATE, referenceSum } from "./reference.ts";
import "./webgpu.ts";

/**
 * Adds a tensor to a sum. Both are used up: go on with the result. It has no
 * gradient.
 *
 * @param sum A tensor.
 * @param x Of the same shape.
 * @return The sum, in place of the first where the backend can.
 */
export function accumulate(sum: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const total = hasKernel(ACCUMULATE)
    ? runKernel(ACCUMULATE, { sum, x })[0]
    : referenceSum(sum, x);
  tf.dispose([sum, x]);
  return total;
}
