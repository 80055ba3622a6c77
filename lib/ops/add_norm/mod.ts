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
import type * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import "./cpu.ts";
import {
  addNormDefinition,
  type AddNormOptions,
  layerNormDefinition,
} from "./reference.ts";
import "./webgpu.ts";

export type { AddNormOptions };

/** A layer norm's parameters. */
export interface Norm {
  /** Scale, [H]. */
  weight: tf.Tensor1D;
  /** Shift, [H]. */
  bias: tf.Tensor1D;
  /** Added to the variance. */
  epsilon: number;
}

const runAddNorm = defineOp(addNormDefinition);
const runLayerNorm = defineOp(layerNormDefinition);

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
  return runAddNorm({ x, r, ...parameters }, {
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
  return runLayerNorm({ x, ...parameters }, { epsilon }) as tf.Tensor2D;
}
