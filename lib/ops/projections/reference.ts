/**
 * Linear layers of one input, in TensorFlow.js operations.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { OpDefinition } from "../../device/define_op.ts";
import type { Layer } from "../linear/reference.ts";

/** The op's name. */
export const PROJECTIONS = "Projections";

/** What some layers' inputs are called. */
export interface LayerNames {
  /** `weight0`, `weight1`, ... */
  weights: string[];
  /** `bias0`, `bias1`, ... */
  biases: string[];
}

/** What the inputs of some layers are called, for so many of them. */
export function layerNames(layers: number): LayerNames {
  const numbers = Array.from({ length: layers }, (_, i) => i);
  return {
    weights: numbers.map((i) => `weight${i}`),
    biases: numbers.map((i) => `bias${i}`),
  };
}

/** The inputs of some layers, by their names. */
export function layerInputs(
  layers: readonly Layer[],
): Record<string, tf.Tensor> {
  const inputs: Record<string, tf.Tensor> = {};
  layers.forEach(({ weight, bias }, i) => {
    inputs[`weight${i}`] = weight;
    inputs[`bias${i}`] = bias;
  });
  return inputs;
}

/** The layers' weights or biases among a kernel's inputs, in order. */
export function ofLayers<T>(
  inputs: Record<string, T>,
  kind: "weight" | "bias",
): T[] {
  const found: T[] = [];
  while (`${kind}${found.length}` in inputs) {
    found.push(inputs[`${kind}${found.length}`]);
  }
  return found;
}

/** The op, for so many layers. */
export function projectionsDefinition(
  layers: number,
): OpDefinition<string, object, tf.Tensor> {
  const { weights, biases } = layerNames(layers);
  return {
    name: PROJECTIONS,
    inputs: ["x", ...weights, ...biases],
    saves: ["x", ...weights],
    reference: (inputs) => {
      const weight = tf.concat(ofLayers(inputs, "weight"), 0);
      const bias = tf.concat(ofLayers(inputs, "bias"), 0);
      return tf.add(tf.matMul(inputs.x, weight, false, true), bias);
    },
  };
}
