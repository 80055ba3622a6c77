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
import type * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import type { Packing, Rows } from "../batch/packing.ts";
import "./cpu.ts";
import { type Dropout, drops } from "./mask.ts";
import { dropDefinition } from "./reference.ts";
import "./webgpu.ts";

const drop = defineOp(dropDefinition);

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
  if (!drops(dropout)) return x;
  return drop({ x }, { packing, rows, dropout }) as tf.Tensor2D;
}
