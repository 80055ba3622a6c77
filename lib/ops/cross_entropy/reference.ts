/**
 * The loss of a classifier in TensorFlow.js operations.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { OpDefinition } from "../../device/define_op.ts";

/** What a batch counts. */
export interface BatchTotal {
  /** What the sum of the rows' losses is divided by. */
  readonly total: number;
}

/** What the kernels need to know. */
export interface CrossEntropyAttributes extends BatchTotal {
  /** What the softmax of each row should be, [B, C]. */
  targets: tf.Tensor2D;
}

/** The loss' op. */
export const crossEntropyDefinition: OpDefinition<
  "logits",
  CrossEntropyAttributes,
  tf.Tensor
> = {
  name: "CrossEntropy",
  inputs: ["logits"],
  saves: [],
  reference: ({ logits }, { targets, total }) =>
    referenceLoss(logits, targets, total),
};

function referenceLoss(
  logits: tf.Tensor,
  targets: tf.Tensor2D,
  total: number,
): tf.Tensor {
  const loss = tf.customGrad((z, save) => {
    const shifted = tf.sub(z as tf.Tensor, tf.max(z as tf.Tensor, -1, true));
    const logSum = tf.log(tf.sum(tf.exp(shifted), -1, true));
    const losses = tf.mul(tf.sub(logSum, shifted), targets);
    (save as tf.GradSaveFunc)([z as tf.Tensor]);
    return {
      value: tf.div(tf.sum(losses), total) as tf.Scalar,
      gradFunc: (dy: tf.Tensor, [z]: tf.Tensor[]) => {
        const shares = tf.mul(tf.softmax(z), tf.sum(targets, -1, true));
        return tf.mul(tf.sub(shares, targets), tf.div(dy, total));
      },
    };
  });
  return loss(logits);
}

/** The name of the op that counts right answers; it has no gradient. */
export const CORRECT_COUNT = "CorrectCount";

/** How many rows have their largest logit at the true class. */
export function referenceCount(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
): tf.Scalar {
  return tf.tidy(() =>
    tf.sum(tf.cast(tf.equal(tf.argMax(logits, -1), labels), "float32"))
  ) as tf.Scalar;
}
