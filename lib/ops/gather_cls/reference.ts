/**
 * The `<cls>` rows in TensorFlow.js operations.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { OpDefinition } from "../../device/define_op.ts";
import type { Packing } from "../batch/packing.ts";
import { moveRows } from "../batch/padded_layout.ts";

/** What the kernels need to know. */
export interface GatherClsAttributes {
  packing: Packing;
}

/** The op. */
export const gatherClsDefinition: OpDefinition<
  "x",
  GatherClsAttributes,
  tf.Tensor
> = {
  name: "GatherCls",
  inputs: ["x"],
  saves: [],
  reference: ({ x }, { packing: { padded } }) =>
    moveRows(x as tf.Tensor2D, padded.cls, padded.spreadCls),
};
