import type * as tf from "@tensorflow/tfjs";
import { type Activation, linear } from "../../../../lib/ops/linear/mod.ts";
import { randomArray } from "../../../support/ops/arrays.ts";
import { type OpCall, type Outcome, testOp } from "../../../support/ops/op.ts";

/** T rows of K features to N features. */
type Shape = [rows: number, from: number, to: number];

function call(activation: Activation, [T, K, N]: Shape): OpCall {
  const inputs = {
    x: randomArray([T, K], 1, 2),
    weight: randomArray([N, K], 2, 4 / Math.sqrt(K)),
    bias: randomArray([N], 3),
  };
  const slope = randomArray([T, N], 4);
  return {
    inputs,
    slope,
    place: () => ({ x, weight, bias }) =>
      linear(
        x as tf.Tensor2D,
        { weight: weight as tf.Tensor2D, bias: bias as tf.Tensor1D },
        activation,
      ),
    exact() {
      const [x, weight, bias] = [inputs.x, inputs.weight, inputs.bias]
        .map(({ data }) => data);
      return exactLinear({ x, weight, bias, dy: slope.data }, activation, [
        T,
        K,
        N,
      ]);
    },
  };
}

function exactLinear(
  { x, weight, bias, dy }: Record<"x" | "weight" | "bias" | "dy", Float32Array>,
  activation: Activation,
  [T, K, N]: Shape,
): Outcome {
  const value = new Float64Array(T * N);
  const gradients = {
    x: new Float64Array(T * K),
    weight: new Float64Array(N * K),
    bias: new Float64Array(N),
  };
  const { f, slope } = FUNCTIONS[activation];
  for (let t = 0; t < T; t++) {
    for (let n = 0; n < N; n++) {
      let z = bias[n];
      for (let k = 0; k < K; k++) z += x[t * K + k] * weight[n * K + k];
      value[t * N + n] = f(z);
      const dz = dy[t * N + n] * slope(z);
      gradients.bias[n] += dz;
      for (let k = 0; k < K; k++) {
        gradients.x[t * K + k] += dz * weight[n * K + k];
        gradients.weight[n * K + k] += dz * x[t * K + k];
      }
    }
  }
  return { value, gradients };
}

const ROOT = Math.sqrt(2 / Math.PI);
const bend = (z: number) => Math.tanh(ROOT * (z + 0.044715 * z ** 3));
const normalShare = (z: number) => 0.5 + 0.5 * erf(z * Math.SQRT1_2);

/** Each activation and its slope, as functions of its input. */
const FUNCTIONS: Record<
  Activation,
  { f: (z: number) => number; slope: (z: number) => number }
> = {
  none: { f: (z) => z, slope: () => 1 },
  relu: { f: (z) => Math.max(z, 0), slope: (z) => z > 0 ? 1 : 0 },
  tanh: { f: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2 },
  gelu: {
    f: (z) => z * normalShare(z),
    slope: (z) =>
      normalShare(z) + z * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI),
  },
  "gelu-tanh": {
    f: (z) => z * (0.5 + 0.5 * bend(z)),
    slope: (z) =>
      0.5 + 0.5 * bend(z) +
      0.5 * z * (1 - bend(z) ** 2) * ROOT * (1 + 0.134145 * z * z),
  },
};

/** The error function by its series of positive terms, exact to rounding. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

const activations = Object.keys(FUNCTIONS) as Activation[];
for (const activation of activations) {
  await testOp(
    `linear with activation ${activation}`,
    call(activation, [13, 33, 7]),
  );
}
for (
  const shape of [
    [1, 1, 1],
    [1, 5, 33],
    [7, 64, 5],
    [9, 12, 8],
    [70, 300, 66],
    [67, 100, 132],
    [2100, 12, 8],
    [1100, 5, 7],
  ] as Shape[]
) {
  const [rows, from, to] = shape;
  await testOp(
    `linear on ${rows} rows of ${from} features to ${to}`,
    call("none", shape),
    // Sums over so many rows round more often.
    rows > 1000 ? { exact: 4e-6, stock: 4e-6 } : {},
  );
}
