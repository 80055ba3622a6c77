/**
 * Multi-head scaled dot-product attention over packed examples.
 *
 *     p = dropout(softmax(q k^T / sqrt(d)))    per example and head
 *     y = p v
 *
 * k, v [T, H]; q and y [T, H], or [B, H] where only `<cls>` asks, as in the
 * last block, whose other rows nothing reads. d = H / heads. An example sees
 * its own tokens alone (Vaswani et al., 2017).
 *
 * The reference pads inside: examples become [B, heads, L, d].
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import { attentionMask, type Dropout } from "../dropout/mask.ts";
import { moveRows } from "../padded_layout.ts";
import type { Packing, Rows } from "../packing.ts";
import "./native.ts";

/** How attention is computed. */
export interface AttentionOptions {
  /** Heads; a divisor of H. */
  heads: number;
  /** Whether all tokens ask, or `<cls>` only. */
  rows: Rows;
  /** Dropout on the probabilities; none while evaluating. */
  dropout?: Dropout | undefined;
}

/** What attention's kernels need to know. */
export interface AttentionAttributes extends AttentionOptions {
  packing: Packing;
}

const attend = defineOp<"query" | "key" | "value", AttentionAttributes>({
  name: "Attention",
  inputs: ["query", "key", "value"],
  saves: ["query", "key", "value"],
  reference: paddedAttention,
});

/**
 * Multi-head attention.
 *
 * @param inputs Queries [T, H] or [B, H], keys and values [T, H].
 * @param packing Where the examples are.
 * @param options Heads, rows that ask, dropout.
 * @return [T, H] or [B, H].
 */
export function attention(
  inputs: { query: tf.Tensor2D; key: tf.Tensor2D; value: tf.Tensor2D },
  packing: Packing,
  options: AttentionOptions,
): tf.Tensor2D {
  return attend(inputs, { ...options, packing }) as tf.Tensor2D;
}

function paddedAttention(
  inputs: Record<"query" | "key" | "value", tf.Tensor>,
  { heads, rows, dropout, packing }: AttentionAttributes,
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
  if (dropout !== undefined && dropout.rate > 0) {
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
