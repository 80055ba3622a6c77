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
import { defineOp } from "../../device/define_op.ts";
import type { Dropout } from "../dropout/mask.ts";
import { dropFeatures } from "../dropout/mod.ts";
import type { Packing, Rows } from "../batch/packing.ts";
import "./cpu.ts";
import "./webgpu.ts";

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

/** What the kernels need to know. */
export interface AddNormAttributes extends AddNormOptions {
  epsilon: number;
}

const addNormOp = defineOp<"x" | "r" | "weight" | "bias", AddNormAttributes>({
  name: "AddNorm",
  inputs: ["x", "r", "weight", "bias"],
  saves: ["weight"],
  reference: ({ x, r, weight, bias }, { epsilon, ...options }) => {
    const sum = tf.add(x, dropFeatures(r as tf.Tensor2D, options));
    return normalise(sum, weight, bias, epsilon);
  },
});

const layerNormOp = defineOp<"x" | "weight" | "bias", { epsilon: number }>({
  name: "LayerNorm",
  inputs: ["x", "weight", "bias"],
  saves: ["weight"],
  reference: ({ x, weight, bias }, { epsilon }) =>
    normalise(x, weight, bias, epsilon),
});

function normalise(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normal, weight), bias);
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
  const { epsilon, ...parameters } = norm;
  return addNormOp({ x, r, ...parameters }, {
    ...options,
    epsilon,
  }) as tf.Tensor2D;
}

/**
 * The layer norm of each row.
 *
 * @param x [T, H].
 * @return [T, H].
 */
export function layerNorm(x: tf.Tensor2D, norm: Norm): tf.Tensor2D {
  const { epsilon, ...parameters } = norm;
  return layerNormOp({ x, ...parameters }, { epsilon }) as tf.Tensor2D;
}
