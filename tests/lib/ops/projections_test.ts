import type * as tf from "@tensorflow/tfjs";
import {
  type Projection,
  projections,
} from "../../../lib/ops/projections/mod.ts";
import { randomArray } from "./arrays.ts";
import { type RoomCall, testRoom } from "./room.ts";

/** T rows of K features to n times H. */
type Shape = [T: number, K: number, H: number, n: number];

function call([T, K, H, n]: Shape): RoomCall {
  const x = randomArray([T, K], 1, 2);
  const weights = Array.from(
    { length: n },
    (_, i) => randomArray([H, K], 10 + i, 4 / Math.sqrt(K)),
  );
  const biases = Array.from({ length: n }, (_, i) => randomArray([H], 20 + i));
  const slope = randomArray([T, n * H], 4);
  return {
    inputs: Object.fromEntries([
      ["x", x],
      ...weights.map((weight, i) => [`weight${i}`, weight]),
      ...biases.map((bias, i) => [`bias${i}`, bias]),
    ]),
    slope,
    place: () => (tensors) =>
      projections(
        tensors.x as tf.Tensor2D,
        weights.map((_, i) => ({
          weight: tensors[`weight${i}`],
          bias: tensors[`bias${i}`],
        } as Projection)),
      ),
    exact: () => {
      const value = new Float64Array(T * n * H);
      const dx = new Float64Array(T * K);
      const dWeights = weights.map(() => new Float64Array(H * K));
      const dBiases = weights.map(() => new Float64Array(H));
      for (let t = 0; t < T; t++) {
        for (let i = 0; i < n; i++) {
          for (let h = 0; h < H; h++) {
            const at = (t * n + i) * H + h;
            value[at] = biases[i].data[h];
            dBiases[i][h] += slope.data[at];
            for (let k = 0; k < K; k++) {
              const weight = weights[i].data[h * K + k];
              value[at] += x.data[t * K + k] * weight;
              dx[t * K + k] += slope.data[at] * weight;
              dWeights[i][h * K + k] += slope.data[at] * x.data[t * K + k];
            }
          }
        }
      }
      return {
        value,
        gradients: Object.fromEntries([
          ["x", dx],
          ...dWeights.map((d, i) => [`weight${i}`, d]),
          ...dBiases.map((d, i) => [`bias${i}`, d]),
        ]),
      };
    },
  };
}

for (
  const shape of [
    [1, 1, 1, 2],
    [1, 5, 3, 3],
    [13, 33, 7, 3],
    [70, 300, 66, 2],
  ] as Shape[]
) {
  const [T, K, H, n] = shape;
  await testRoom(
    `projections of ${T} rows of ${K} features to ${n} times ${H}`,
    call(shape),
  );
}
