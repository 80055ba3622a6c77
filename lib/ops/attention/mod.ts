/**
 * Multi-head scaled dot-product attention over packed examples.
 *
 *     p = dropout(softmax(q k^T / sqrt(d)))    per example and head
 *     y = p v
 *
 * q, k and v lie side by side, [q | k | v] [T, 3H], and y is [T, H]. Where only
 * `<cls>` asks, as in the last block, whose other rows nothing reads, q is
 * [B, H] beside [k | v] [T, 2H], and y is [B, H]. d = H / heads. An example
 * sees its own tokens alone (Vaswani et al., 2017).
 *
 * The references pad inside: examples become [B, heads, L, d].
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
  packing: Packing;
  /** Heads; a divisor of H. */
  heads: number;
  /** Dropout on the probabilities; none while evaluating. */
  dropout?: Dropout | undefined;
}

const attend = defineOp<"projected", AttentionOptions>({
  name: "Attention",
  inputs: ["projected"],
  saves: ["projected"],
  reference: ({ projected }, options) => {
    const [query, key, value] = tf.split(projected as tf.Tensor2D, 3, 1);
    return paddedAttention({ query, key, value }, "all", options);
  },
});

const attendCls = defineOp<"query" | "projected", AttentionOptions>({
  name: "ClsAttention",
  inputs: ["query", "projected"],
  saves: ["query", "projected"],
  reference: ({ query, projected }, options) => {
    const [key, value] = tf.split(projected as tf.Tensor2D, 2, 1);
    return paddedAttention({ query, key, value }, "cls", options);
  },
});

/**
 * Multi-head attention in which every token asks.
 *
 * @param projected Queries, keys and values side by side, [T, 3H].
 * @param options Where the examples are, heads, dropout.
 * @return [T, H].
 */
export function attention(
  projected: tf.Tensor2D,
  options: AttentionOptions,
): tf.Tensor2D {
  return attend({ projected }, options) as tf.Tensor2D;
}

/**
 * Multi-head attention in which only `<cls>` asks.
 *
 * @param inputs Queries [B, H]; keys and values side by side, [T, 2H].
 * @param options Where the examples are, heads, dropout.
 * @return [B, H].
 */
export function clsAttention(
  inputs: { query: tf.Tensor2D; projected: tf.Tensor2D },
  options: AttentionOptions,
): tf.Tensor2D {
  return attendCls(inputs, options) as tf.Tensor2D;
}

function paddedAttention(
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
