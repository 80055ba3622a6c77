/**
 * Attention in TensorFlow.js operations. It pads inside: examples become
 * [B, heads, L, d].
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { OpDefinition } from "../../device/define_op.ts";
import type { Packing, Rows } from "../batch/packing.ts";
import { moveRows } from "../batch/padded_layout.ts";
import { attentionMask, type Dropout, drops } from "../dropout/mask.ts";

/** How attention is computed. */
export interface AttentionOptions {
  packing: Packing;
  /** Heads; a divisor of H. */
  heads: number;
  /** Dropout on the probabilities; none while evaluating. */
  dropout?: Dropout | undefined;
}

/** The op. */
export const attentionDefinition: OpDefinition<
  "projected",
  AttentionOptions,
  tf.Tensor
> = {
  name: "Attention",
  inputs: ["projected"],
  saves: ["projected"],
  reference: ({ projected }, options) => {
    const [query, key, value] = tf.split(projected as tf.Tensor2D, 3, 1);
    return paddedAttention({ query, key, value }, "all", options);
  },
};

/**
 * Attention of all rows, or of the `<cls>` rows, to all rows.
 *
 * @param inputs Queries [T, H] or [B, H]; keys and values [T, H].
 * @param rows Which rows ask.
 * @param options Where the examples are, heads, dropout.
 * @return [T, H] or [B, H].
 */
export function paddedAttention(
  inputs: Record<"query" | "key" | "value", tf.Tensor>,
  rows: Rows,
  { heads, dropout, packing }: AttentionOptions,
): tf.Tensor {
  const { examples, longest, padded } = packing;
  const width = inputs.key.shape[1]!;
  const depth = width / heads;
  const queries = rows === "all" ? longest : 1;

  const split = (x: tf.Tensor, length: number) =>
    tf.transpose(
      tf.reshape(x, [examples, length, heads, depth]),
      [0, 2, 1, 3],
    );
  const pad = (x: tf.Tensor) =>
    moveRows(x as tf.Tensor2D, padded.pad, padded.unpad);

  const query = rows === "all" ? pad(inputs.query) : inputs.query;
  const scores = tf.matMul(
    tf.mul(split(query, queries), 1 / Math.sqrt(depth)),
    split(pad(inputs.key), longest),
    false,
    true,
  );
  let probabilities = tf.softmax(tf.add(scores, padded.keyBias));
  if (drops(dropout)) {
    const mask = attentionMask(packing, rows, heads, dropout);
    probabilities = tf.mul(
      probabilities,
      tf.tensor4d(mask, [examples, heads, queries, longest]),
    );
  }
  const context = tf.reshape(
    tf.transpose(
      tf.matMul(probabilities, split(pad(inputs.value), longest)),
      [0, 2, 1, 3],
    ),
    [examples * queries, width],
  ) as tf.Tensor2D;
  return rows === "all"
    ? moveRows(context, padded.unpad, padded.padZero)
    : context;
}
