/**
 * The first token's row of each example.
 *
 *     y[b] = x[offsets[b]]    x [T, H], y [B, H]
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { moveRows, type Packing } from "../packing.ts";

/**
 * The `<cls>` rows.
 *
 * @param x [T, H].
 * @param packing Where the examples start.
 * @return [B, H].
 */
export function gatherCls(x: tf.Tensor2D, packing: Packing): tf.Tensor2D {
  return moveRows(x, packing.cls, packing.spreadCls);
}
