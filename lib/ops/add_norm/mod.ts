/**
 * Residual connection and layer norm.
 *
 *     y = LN(x + dropout(r))
 *     LN(z) = (z - mean(z)) / sqrt(var(z) + epsilon) * weight + bias
 *
 * x, r, y [T, H]; mean and variance over H, the variance divided by H (Ba et
 * al., 2016). One operation, since z is read by nothing else.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { dropFeatures, type Dropout } from "../dropout.ts";
import type { Packing, Rows } from "../packing.ts";

/** A layer norm's parameters. */
export interface Norm {
  /** Scale, [H]. */
  weight: tf.Tensor1D;
  /** Shift, [H]. */
  bias: tf.Tensor1D;
  /** Added to the variance. */
  epsilon: number;
}

/** The sum's dropout, and the rows that it is for. */
export interface AddNormOptions {
  packing: Packing;
  rows: Rows;
  dropout?: Dropout | undefined;
}

/**
 * The layer norm of a residual sum.
 *
 * @param x The residual path, [T, H] or [B, H].
 * @param r What the sublayer adds, of the same shape.
 * @param norm The layer norm.
 * @param options Dropout on r, and the rows that it is for.
 * @return Of the same shape.
 */
export function addNorm(
  x: tf.Tensor2D,
  r: tf.Tensor2D,
  norm: Norm,
  options: AddNormOptions,
): tf.Tensor2D {
  const { packing, rows, dropout } = options;
  return layerNorm(tf.add(x, dropFeatures(r, packing, rows, dropout)), norm);
}

/**
 * The layer norm of each row.
 *
 * @param x [T, H].
 * @return [T, H].
 */
export function layerNorm(x: tf.Tensor2D, norm: Norm): tf.Tensor2D {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, norm.epsilon)));
  return tf.add(tf.mul(normal, norm.weight), norm.bias);
}
