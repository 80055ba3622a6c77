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
import type * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import "./cpu.ts";
import { attentionDefinition, type AttentionOptions } from "./reference.ts";
import "./webgpu.ts";

export type { AttentionOptions };

const attend = defineOp(attentionDefinition);

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
