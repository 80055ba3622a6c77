/**
 * Multi-head scaled dot-product attention over packed examples.
 *
 *     p = dropout(softmax(q k^T / sqrt(d)))    per example and head
 *     y = p v
 *
 * q, k and v lie side by side, [q | k | v] [T, 3H], and y is [T, H]. d = H /
 * heads. An example sees its own tokens alone (Vaswani et al., 2017).
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import type { Dropout } from "../dropout/mask.ts";
import type { Packing } from "../batch/packing.ts";
import "./cpu.ts";
import { paddedAttention } from "./reference.ts";
import "./webgpu.ts";

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

/**
 * Multi-head attention.
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
