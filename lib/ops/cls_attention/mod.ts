/**
 * Multi-head attention in which only `<cls>` asks, with the projections of
 * keys and values inside.
 *
 *     K = x Wk^T + bk,  V = x Wv^T + bv    per example
 *     p = dropout(softmax(q K^T / sqrt(d)))    per example and head
 *     y = p V
 *
 * x [T, H], q and y [B, H], Wk and Wv [H, H], d = H / heads: the last block of
 * a classifier, whose other rows nothing reads.
 *
 * With one query a head, it is cheaper never to make K and V. The kernels
 * compute, with the head's d rows of each weight,
 *
 *     u = q Wk    p = dropout(softmax(u x^T / sqrt(d)))
 *     z = p x     y = z Wv^T + sum(p) bv
 *
 * which in exact arithmetic is the same: 2 B H^2 multiply-adds in place of
 * 2 T H^2. A key's bias shifts all scores of a query alike, so nothing
 * depends on it, and its gradient is 0.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import type { AttentionOptions } from "../attention/mod.ts";
import type { Layer } from "../linear/mod.ts";
import "./cpu.ts";
import { clsAttentionDefinition } from "./reference.ts";
import "./webgpu.ts";

const attendCls = defineOp(clsAttentionDefinition);

/**
 * Multi-head attention in which only `<cls>` asks.
 *
 * @param inputs Queries [B, H], and the rows [T, H] that keys and values are
 *   made of.
 * @param layers How they are made: weights [H, H], biases [H].
 * @param options Where the examples are, heads, dropout.
 * @return [B, H].
 */
export function clsAttention(
  inputs: { query: tf.Tensor2D; x: tf.Tensor2D },
  layers: { key: Layer; value: Layer },
  options: AttentionOptions,
): tf.Tensor2D {
  const { key, value } = layers;
  return attendCls({
    ...inputs,
    keyWeight: key.weight,
    keyBias: key.bias,
    valueWeight: value.weight,
    valueBias: value.bias,
  }, options) as tf.Tensor2D;
}
