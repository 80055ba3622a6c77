import type * as tf from "@tensorflow/tfjs";
import { gatherCls } from "../../../../lib/ops/gather_cls/mod.ts";
import { offsetsOf, randomArray } from "../../../support/ops/arrays.ts";
import { type OpCall, packingOf, testOp } from "../../../support/ops/op.ts";

function call(lengths: number[], width: number): OpCall {
  const offsets = offsetsOf(lengths);
  const x = randomArray([offsets[lengths.length], width], 1);
  const slope = randomArray([lengths.length, width], 2);
  return {
    inputs: { x },
    slope,
    place: () => {
      const packing = packingOf(lengths);
      return ({ x }) => gatherCls(x as tf.Tensor2D, packing);
    },
    exact() {
      const value = new Float64Array(slope.data.length);
      const dx = new Float64Array(x.data.length);
      for (let at = 0; at < value.length; at++) {
        const [b, i] = [Math.floor(at / width), at % width];
        value[at] = x.data[offsets[b] * width + i];
        dx[offsets[b] * width + i] = slope.data[at];
      }
      return { value, gradients: { x: dx } };
    },
  };
}

/** Rows are moved, not computed. */
const SAME = { exact: 0, stock: 0, webgpu: 0 };

await testOp("gatherCls of a lone token", call([1], 5), SAME);
await testOp("gatherCls of one example", call([4], 33), SAME);
await testOp("gatherCls of four examples", call([3, 1, 40, 2], 7), SAME);
