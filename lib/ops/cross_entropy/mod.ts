/**
 * The loss of a classifier.
 *
 *     loss = mean over b of -log softmax(z[b])[label[b]]    z [B, C], nats
 *     d loss / d z = (softmax(z) - onehot(label)) / B
 *
 * One operation, since the gradient needs the softmax and nothing else.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { defineOp, hasKernel, runKernel } from "../../device/define_op.ts";
import "./native.ts";
import "./webgpu.ts";

/** What the kernels need to know. */
export interface CrossEntropyAttributes {
  /** True class of each row, [B], int32. */
  labels: tf.Tensor1D;
  /** What the sum of the rows' losses is divided by. */
  total: number;
}

const meanLoss = defineOp<"logits", CrossEntropyAttributes>({
  name: "CrossEntropy",
  inputs: ["logits"],
  saves: [],
  reference: ({ logits }, { labels, total }) =>
    referenceLoss(logits, labels, total),
});

/**
 * The mean cross-entropy.
 *
 * @param logits [B, C].
 * @param labels True class of each row, [B], int32 in [0, C).
 * @param total Examples of the batch that these are a part of; B if not given.
 * @return A scalar, in nats.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { crossEntropy } from "./mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const loss = crossEntropy(tf.zeros([2, 3]), tf.tensor1d([0, 2], "int32"));
 * assertAlmostEquals(loss.dataSync()[0], Math.log(3), 1e-6);
 * ```
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  total: number = logits.shape[0],
): tf.Scalar {
  return meanLoss({ logits }, { labels, total }) as tf.Scalar;
}

function referenceLoss(
  logits: tf.Tensor,
  labels: tf.Tensor1D,
  total: number,
): tf.Tensor {
  const classes = logits.shape[1]!;
  const loss = tf.customGrad((z, save) => {
    const truth = tf.oneHot(labels, classes);
    const shifted = tf.sub(z as tf.Tensor, tf.max(z as tf.Tensor, -1, true));
    const logSum = tf.log(tf.sum(tf.exp(shifted), -1));
    const own = tf.sum(tf.mul(shifted, truth), -1);
    (save as tf.GradSaveFunc)([z as tf.Tensor, truth]);
    return {
      value: tf.div(tf.sum(tf.sub(logSum, own)), total) as tf.Scalar,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [z, truth] = saved;
        return tf.mul(
          tf.sub(tf.softmax(z), truth),
          tf.div(dy, total),
        );
      },
    };
  });
  return loss(logits);
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
  if (hasKernel("CorrectCount")) {
    return runKernel("CorrectCount", { logits, labels })[0] as tf.Scalar;
  }
  return tf.tidy(() =>
    tf.sum(tf.cast(tf.equal(tf.argMax(logits, -1), labels), "float32"))
  ) as tf.Scalar;
}
