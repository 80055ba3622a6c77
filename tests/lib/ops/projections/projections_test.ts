import type * as tf from "@tensorflow/tfjs";
import type { Layer } from "../../../../lib/ops/linear/mod.ts";
import { projections } from "../../../../lib/ops/projections/mod.ts";
import { randomArray } from "../../../support/ops/arrays.ts";
import {
  exactProjections,
  layerInputs,
} from "../../../support/ops/exact_projections.ts";
import { type OpCall, testOp } from "../../../support/ops/op.ts";
import { slowTest } from "../../../support/slow.ts";

/** T rows of K features to n times H. */
type Shape = [T: number, K: number, H: number, n: number];

function call([T, K, H, n]: Shape): OpCall {
  const x = randomArray([T, K], 1, 2);
  const weights = Array.from(
    { length: n },
    (_, i) => randomArray([H, K], 10 + i, 4 / Math.sqrt(K)),
  );
  const biases = Array.from({ length: n }, (_, i) => randomArray([H], 20 + i));
  const slope = randomArray([T, n * H], 4);
  return {
    inputs: { x, ...layerInputs(weights, biases) },
    slope,
    place: () => (tensors) =>
      projections(
        tensors.x as tf.Tensor2D,
        weights.map((_, i) => ({
          weight: tensors[`weight${i}`],
          bias: tensors[`bias${i}`],
        } as Layer)),
      ),
    exact: () => {
      const { value, dx, layers } = exactProjections({
        x: x.data,
        weights,
        biases,
        slope: slope.data,
      });
      return { value, gradients: { x: dx, ...layers } };
    },
  };
}

for (
  const shape of [
    [1, 1, 1, 2],
    [1, 5, 3, 3],
    [13, 33, 7, 3],
    [66, 12, 8, 3],
    [70, 300, 66, 2],
  ] as Shape[]
) {
  const [T, K, H, n] = shape;
  await testOp(
    `projections of ${T} rows of ${K} features to ${n} times ${H}`,
    call(shape),
    K > 256 ? { declareWebgpu: slowTest } : {},
  );
}
