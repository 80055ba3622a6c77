import type * as tf from "@tensorflow/tfjs";
import {
  addNorm,
  layerNorm,
  type Norm,
} from "../../../../lib/ops/add_norm/mod.ts";
import { Packing, type Rows } from "../../../../lib/ops/batch/packing.ts";
import { type Dropout, featureMask } from "../../../../lib/ops/dropout/mask.ts";
import type { FloatArray } from "../../../../lib/weights/formats/arrays.ts";
import { offsetsOf, randomArray } from "../../../support/ops/arrays.ts";
import {
  type OpCall,
  type Outcome,
  packingOf,
  type Tensors,
  testOp,
} from "../../../support/ops/op.ts";

const EPSILON = 1e-5;

/** What a layer norm is called with. */
interface Case {
  lengths: number[];
  width: number;
  rows?: Rows;
  dropout?: Dropout;
  /** Added to all of x. */
  shift?: number;
}

function addNormCall(options: Case): OpCall {
  const { lengths, width, rows = "all", dropout, shift = 0 } = options;
  const offsets = offsetsOf(lengths);
  const shape = [rows === "all" ? offsets.at(-1)! : lengths.length, width];
  const inputs = {
    x: shifted(randomArray(shape, 1), shift),
    r: randomArray(shape, 2),
    weight: shifted(randomArray([width], 3, 0.5), 1),
    bias: randomArray([width], 4),
  };
  const slope = randomArray(shape, 5);
  return {
    inputs,
    slope,
    place: () => {
      const packing = packingOf(lengths);
      return (tensors) =>
        addNorm(
          tensors.x as tf.Tensor2D,
          tensors.r as tf.Tensor2D,
          normOf(tensors),
          { packing, rows, dropout },
        );
    },
    exact() {
      const { x, r, weight, bias } = inputs;
      const packing = new Packing(offsets, { padded: false });
      const mask = dropout && featureMask(packing, rows, width, dropout);
      const keep = (i: number) => mask ? mask[i] : 1;
      const sum = Float64Array.from(
        x.data,
        (value, i) => value + keep(i) * r.data[i],
      );
      const { value, gradients } = exactNorm(
        sum,
        weight.data,
        bias.data,
        slope.data,
      );
      const dr = Float64Array.from(gradients.x, (dx, i) => keep(i) * dx);
      return { value, gradients: { ...gradients, r: dr } };
    },
  };
}

function layerNormCall(tokens: number, width: number): OpCall {
  const inputs = {
    x: randomArray([tokens, width], 1),
    weight: shifted(randomArray([width], 3, 0.5), 1),
    bias: randomArray([width], 4),
  };
  const slope = randomArray([tokens, width], 5);
  return {
    inputs,
    slope,
    place: () => (tensors) =>
      layerNorm(tensors.x as tf.Tensor2D, normOf(tensors)),
    exact: () => {
      const x = Float64Array.from(inputs.x.data);
      return exactNorm(x, inputs.weight.data, inputs.bias.data, slope.data);
    },
  };
}

function normOf({ weight, bias }: Tensors): Norm {
  return {
    weight: weight as tf.Tensor1D,
    bias: bias as tf.Tensor1D,
    epsilon: EPSILON,
  };
}

function shifted({ shape, data }: FloatArray, by: number): FloatArray {
  return { shape, data: data.map((value) => value + by) };
}

/** The layer norm of rows of z; the gradient of z is given as that of "x". */
function exactNorm(
  z: Float64Array,
  weight: Float32Array,
  bias: Float32Array,
  slope: Float32Array,
): Outcome & { gradients: { x: Float64Array } } {
  const H = weight.length;
  const value = new Float64Array(z.length);
  const dx = new Float64Array(z.length);
  const dWeight = new Float64Array(H);
  const dBias = new Float64Array(H);
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b) / H;
  for (let start = 0; start < z.length; start += H) {
    const row = z.subarray(start, start + H);
    const centre = mean(row);
    const variance = mean(row.map((v) => (v - centre) ** 2));
    const scale = 1 / Math.sqrt(variance + EPSILON);
    const normal = row.map((v) => (v - centre) * scale);
    const dNormal = normal.map((_, i) => slope[start + i] * weight[i]);
    const m1 = mean(dNormal);
    const m2 = mean(dNormal.map((d, i) => d * normal[i]));
    normal.forEach((n, i) => {
      value[start + i] = n * weight[i] + bias[i];
      dx[start + i] = scale * (dNormal[i] - m1 - n * m2);
      dWeight[i] += slope[start + i] * n;
      dBias[i] += slope[start + i];
    });
  }
  return { value, gradients: { x: dx, weight: dWeight, bias: dBias } };
}

const dropout = { rate: 0.1, key: 77 };
const LENGTHS = [1, 6, 2];

for (const width of [5, 7, 8, 33, 64]) {
  await testOp(
    `addNorm of ${width} features`,
    addNormCall({ lengths: LENGTHS, width }),
  );
}
for (const rows of ["all", "cls"] as const) {
  await testOp(
    `addNorm with dropout of ${rows} rows`,
    addNormCall({ lengths: LENGTHS, width: 33, rows, dropout }),
  );
}
await testOp(
  "addNorm of a lone token",
  addNormCall({ lengths: [1], width: 7, dropout }),
);
await testOp(
  "addNorm of 600 tokens",
  addNormCall({ lengths: [600], width: 65, dropout }),
);
await testOp(
  "addNorm of values far from 0",
  addNormCall({ lengths: LENGTHS, width: 32, shift: 100 }),
  // 100 + x in float32 has lost 7 bits of x.
  { exact: 2e-5, stock: 2e-5, webgpu: 2e-5 },
);
for (const width of [1, 33]) {
  await testOp(`layerNorm of ${width} features`, layerNormCall(9, width));
}
