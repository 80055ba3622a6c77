/**
 * Layer norms in TensorFlow.js operations.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { OpDefinition } from "../../device/define_op.ts";
import type { Packing, Rows } from "../batch/packing.ts";
import { type Dropout, drops } from "../dropout/mask.ts";
import { dropDefinition } from "../dropout/reference.ts";

/** The sum's dropout, and the rows that it is for. */
export interface AddNormOptions {
  packing: Packing;
  rows: Rows;
  dropout?: Dropout | undefined;
}

/** What the kernels of a layer norm need to know. */
export interface LayerNormAttributes {
  /** Added to the variance. */
  epsilon: number;
}

/** What those of a residual sum's layer norm need to know. */
export interface AddNormAttributes
  extends LayerNormAttributes, AddNormOptions {}

/** What both are told: without a residual path there is no sum. */
export type NormAttributes = LayerNormAttributes & Partial<AddNormOptions>;

/** The op of a residual sum. */
export const addNormDefinition: OpDefinition<
  "x" | "r" | "weight" | "bias",
  AddNormAttributes,
  tf.Tensor
> = {
  name: "AddNorm",
  inputs: ["x", "r", "weight", "bias"],
  saves: ["weight"],
  reference: ({ x, r, weight, bias }, attributes) => {
    const { packing, rows, dropout, epsilon } = attributes;
    const dropped = drops(dropout)
      ? dropDefinition.reference({ x: r }, { packing, rows, dropout })
      : r;
    return normalise(tf.add(x, dropped), weight, bias, epsilon);
  },
};

/** The op of a layer norm alone. */
export const layerNormDefinition: OpDefinition<
  "x" | "weight" | "bias",
  LayerNormAttributes,
  tf.Tensor
> = {
  name: "LayerNorm",
  inputs: ["x", "weight", "bias"],
  saves: ["weight"],
  reference: ({ x, weight, bias }, { epsilon }) =>
    normalise(x, weight, bias, epsilon),
};

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
