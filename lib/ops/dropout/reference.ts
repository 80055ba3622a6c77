/**
 * Dropout in TensorFlow.js operations: a product with the mask.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { OpDefinition } from "../../device/define_op.ts";
import type { Packing, Rows } from "../batch/packing.ts";
import { type Dropout, featureMask } from "./mask.ts";

/** What a dropout's kernels need to know. */
export interface DropAttributes {
  packing: Packing;
  rows: Rows;
  dropout: Dropout;
}

/** The op. */
export const dropDefinition: OpDefinition<"x", DropAttributes, tf.Tensor> = {
  name: "DropFeatures",
  inputs: ["x"],
  saves: [],
  reference: ({ x }, { packing, rows, dropout }) => {
    const width = x.shape[1]!;
    const mask = featureMask(packing, rows, width, dropout);
    return tf.mul(x, tf.tensor2d(mask, [packing.rowCount(rows), width]));
  },
};
