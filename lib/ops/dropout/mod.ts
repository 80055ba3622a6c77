/**
 * Dropout of a layer's features.
 *
 *     y[t, i] = x[t, i] / (1 - rate) where kept, else 0    x, y [T, H]
 *
 * The mask is a hash of where an element stands: see mask.ts. Where a sum and
 * a layer norm follow, add_norm does it on the way.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import type { Packing, Rows } from "../batch/packing.ts";
import { type Dropout, featureMask } from "./mask.ts";
import "./cpu.ts";
import "./webgpu.ts";

/** What a dropout's kernels need to know. */
export interface DropAttributes {
  packing: Packing;
  rows: Rows;
  dropout: Dropout;
}

const drop = defineOp<"x", DropAttributes>({
  name: "DropFeatures",
  inputs: ["x"],
  saves: [],
  reference: ({ x }, { packing, rows, dropout }) => {
    const width = x.shape[1]!;
    const mask = featureMask(packing, rows, width, dropout);
    return tf.mul(x, tf.tensor2d(mask, [packing.rowCount(rows), width]));
  },
});

/**
 * Dropout of a layer's features.
 *
 * @param x [T, H], or [B, H] for `<cls>` rows.
 * @param options The rows that x has, and what to drop; x itself if nothing.
 * @return Of the same shape.
 */
export function dropFeatures(
  x: tf.Tensor2D,
  options: { packing: Packing; rows: Rows; dropout?: Dropout | undefined },
): tf.Tensor2D {
  const { packing, rows, dropout } = options;
  if (dropout === undefined || dropout.rate === 0) return x;
  return drop({ x }, { packing, rows, dropout }) as tf.Tensor2D;
}
