/**
 * The first token's row of each example.
 *
 *     y[b] = x[offsets[b]]    x [T, H], y [B, H]
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { defineOp } from "../../device/define_op.ts";
import type { Packing } from "../batch/packing.ts";
import "./cpu.ts";
import { gatherClsDefinition } from "./reference.ts";
import "./webgpu.ts";

const gather = defineOp(gatherClsDefinition);

/**
 * The `<cls>` rows.
 *
 * @param x [T, H].
 * @param packing Where the examples start.
 * @return [B, H].
 */
export function gatherCls(x: tf.Tensor2D, packing: Packing): tf.Tensor2D {
  return gather({ x }, { packing }) as tf.Tensor2D;
}
