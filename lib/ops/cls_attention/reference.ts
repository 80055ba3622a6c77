/**
 * Attention in which only `<cls>` asks, in TensorFlow.js operations.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { OpDefinition } from "../../device/define_op.ts";
import {
  type AttentionOptions,
  paddedAttention,
} from "../attention/reference.ts";

type Input =
  | "query"
  | "x"
  | "keyWeight"
  | "keyBias"
  | "valueWeight"
  | "valueBias";

/** The op. */
export const clsAttentionDefinition: OpDefinition<
  Input,
  AttentionOptions,
  tf.Tensor
> = {
  name: "ClsAttention",
  inputs: ["query", "x", "keyWeight", "keyBias", "valueWeight", "valueBias"],
  saves: ["query", "x", "keyWeight", "valueWeight", "valueBias"],
  reference: ({ query, x, ...layers }, options) => {
    const project = (weight: tf.Tensor, bias: tf.Tensor) =>
      tf.add(tf.matMul(x, weight, false, true), bias);
    const key = project(layers.keyWeight, layers.keyBias);
    const value = project(layers.valueWeight, layers.valueBias);
    return paddedAttention({ query, key, value }, "cls", options);
  },
};
