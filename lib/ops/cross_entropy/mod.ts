/**
 * The loss of a classifier.
 *
 *     loss = sum over b, c of -q[b, c] log softmax(z[b])[c] / total    nats
 *     d loss / d z[b, c] = (softmax(z[b])[c] sum of q[b] - q[b, c]) / total
 *
 * z and the targets q are [B, C]; q is 1 at an example's class and 0 at the
 * others, if targets.ts is asked for nothing else, and total the batch's
 * examples. One operation, since the gradient needs the softmax and nothing
 * else.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { defineOp, hasKernel, runKernel } from "../../device/define_op.ts";
import "./cpu.ts";
import {
  type BatchTotal,
  CORRECT_COUNT,
  crossEntropyDefinition,
  referenceCount,
} from "./reference.ts";
import "./webgpu.ts";

export type { BatchTotal };

const meanLoss = defineOp(crossEntropyDefinition);

/**
 * The mean cross-entropy.
 *
 * @param logits [B, C].
 * @param targets What their softmax should be, [B, C], of
 *   `classTargets` in targets.ts.
 * @param batch What the whole batch of these counts; B if not given.
 * @return A scalar, in nats.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { openDevice } from "../../device/mod.ts";
 * import { crossEntropy } from "./mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * await openDevice("cpu");
 * const targets = tf.tensor2d([[1, 0, 0], [0, 0, 1]]);
 * const loss = crossEntropy(tf.zeros([2, 3]), targets);
 * assertAlmostEquals(loss.dataSync()[0], Math.log(3), 1e-6);
 * ```
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  targets: tf.Tensor2D,
  batch: BatchTotal = { total: logits.shape[0] },
): tf.Scalar {
  return meanLoss({ logits }, {
    targets,
    get total() {
      return batch.total;
    },
  }) as tf.Scalar;
}

/**
 * How many rows have their largest logit at the true class; among equal
 * logits the first counts.
 *
 * @param logits [B, C].
 * @param labels [B], int32.
 * @return A scalar.
 */
export function correctCount(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
): tf.Scalar {
  return hasKernel(CORRECT_COUNT)
    ? runKernel(CORRECT_COUNT, { logits, labels })[0] as tf.Scalar
    : referenceCount(logits, labels);
}
