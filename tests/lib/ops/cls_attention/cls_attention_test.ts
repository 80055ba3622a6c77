import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../lib/device/mod.ts";
import { Packing } from "../../../../lib/ops/batch/packing.ts";
import { clsAttention } from "../../../../lib/ops/cls_attention/mod.ts";
import {
  assertClose,
  offsetsOf,
  randomArray,
} from "../../../support/ops/arrays.ts";
import {
  type AttentionCase,
  exactAttention,
  keptPositions,
  maskOf,
  oneHotPositions,
} from "../../../support/ops/exact_attention.ts";
import {
  type OpCall,
  packingOf,
  type Tensors,
  testOp,
} from "../../../support/ops/op.ts";

function call(options: Omit<AttentionCase, "rows">): OpCall {
  const { lengths, heads, depth } = options;
  const tokens = lengths.reduce((a, b) => a + b);
  const width = heads * depth;
  const scale = 2 / Math.sqrt(width);
  const inputs = {
    query: randomArray([lengths.length, width], 1, 2),
    x: randomArray([tokens, width], 2, 2),
    keyWeight: randomArray([width, width], 3, scale),
    valueWeight: randomArray([width, width], 4, scale),
    valueBias: randomArray([width], 5),
  };
  const keyBias = randomArray([width], 6);
  const slope = randomArray([lengths.length, width], 7);
  return {
    inputs,
    slope,
    place: () => {
      const packing = packingOf(lengths);
      const bias = tf.tensor1d(keyBias.data);
      return (tensors) =>
        attend({ ...tensors, keyBias: bias }, { ...options, packing });
    },
    exact: () => {
      const { query, x, keyWeight, valueWeight, valueBias } = inputs;
      const key = project(x.data, keyWeight.data, keyBias.data);
      const value = project(x.data, valueWeight.data, valueBias.data);
      const d = exactAttention({ ...options, rows: "cls" }, {
        query: query.data,
        key,
        value,
        slope: slope.data,
      });
      const byKey = projectGradient(d.key, x.data, keyWeight.data);
      const byValue = projectGradient(d.value, x.data, valueWeight.data);
      return {
        value: d.y,
        gradients: {
          query: d.query,
          x: byKey.x.map((v, i) => v + byValue.x[i]),
          keyWeight: byKey.weight,
          valueWeight: byValue.weight,
          valueBias: byValue.bias,
        },
      };
    },
  };
}

/** The operation on an op's inputs. */
function attend(
  tensors: Tensors,
  options: Parameters<typeof clsAttention>[2],
): tf.Tensor2D {
  const layer = (name: string) => ({
    weight: tensors[`${name}Weight`] as tf.Tensor2D,
    bias: tensors[`${name}Bias`] as tf.Tensor1D,
  });
  return clsAttention(
    { query: tensors.query as tf.Tensor2D, x: tensors.x as tf.Tensor2D },
    { key: layer("key"), value: layer("value") },
    options,
  );
}

/** x W^T + b with a square W. */
function project(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
): Float64Array {
  const width = bias.length;
  return Float64Array.from({ length: x.length }, (_, at) => {
    const [row, column] = [Math.floor(at / width) * width, at % width];
    let sum = bias[column];
    for (let k = 0; k < width; k++) {
      sum += x[row + k] * weight[column * width + k];
    }
    return sum;
  });
}

/** The gradients of the same. */
function projectGradient(
  dy: Float64Array,
  x: Float32Array,
  weight: Float32Array,
) {
  const width = Math.sqrt(weight.length);
  const d = {
    x: new Float64Array(x.length),
    weight: new Float64Array(weight.length),
    bias: new Float64Array(width),
  };
  dy.forEach((slope, at) => {
    const [row, column] = [Math.floor(at / width) * width, at % width];
    d.bias[column] += slope;
    for (let k = 0; k < width; k++) {
      d.x[row + k] += slope * weight[column * width + k];
      d.weight[column * width + k] += slope * x[row + k];
    }
  });
  return d;
}

const LENGTHS = [1, 3, 17, 4];
const dropout = { rate: 0.3, key: 12345 };

for (const depth of [1, 3, 8, 64]) {
  await testOp(
    `cls attention of 2 heads of size ${depth}`,
    call({ lengths: LENGTHS, heads: 2, depth }),
    // Slopes of scores, which cancel, are summed over H features, not over d.
    { exact: 3e-6, stock: 4e-6 },
  );
}
await testOp(
  "cls attention with dropout",
  call({ lengths: LENGTHS, heads: 3, depth: 5, dropout }),
);
await testOp(
  "cls attention of 400 features, more than lanes have vectors",
  call({ lengths: LENGTHS, heads: 4, depth: 100, dropout }),
  { exact: 3e-6, stock: 4e-6 },
);
await testOp(
  "cls attention to a lone token",
  call({ lengths: [1], heads: 1, depth: 3 }),
);
await testOp(
  "cls attention to 2 to 90 tokens",
  call({ lengths: [90, 2, 33], heads: 2, depth: 16, dropout }),
);

Deno.test("nothing depends on the keys' bias, so its gradient is 0", async () => {
  await openDevice("cpu");
  const { inputs } = call({ lengths: LENGTHS, heads: 2, depth: 8 });
  const [first, second, gradient] = tf.tidy(() => {
    const packing = packingOf(LENGTHS);
    const placed = Object.fromEntries(
      Object.entries(inputs).map(([name, { data, shape }]) =>
        [name, tf.tensor(data, [...shape])] as const
      ),
    );
    const result = (keyBias: tf.Tensor) =>
      attend({ ...placed, keyBias }, { packing, heads: 2 });
    const bias = tf.tensor1d(randomArray([16], 1).data);
    const gradient = tf.grad((b) => tf.clone(result(b)))(
      bias,
      tf.ones([LENGTHS.length, 16]),
    );
    return [result(bias), result(tf.zeros([16])), gradient]
      .map((tensor) => tensor.dataSync());
  });
  assertEquals(first, second);
  assertEquals(gradient, new Float32Array(16));
});

Deno.test("cls attention on the CPU drops what attentionMask says", async () => {
  await openDevice("cpu");
  const lengths = [5, 1, 8, 2];
  const [heads, depth] = [3, 8];
  const width = heads * depth;
  const dropped = tf.tidy(() => {
    // Equal scores, and values that are x.
    const zeros = tf.zeros<tf.Rank.R2>([width, width]);
    const identity = tf.tensor2d(
      Array.from(
        { length: width },
        (_, i) => Array.from({ length: width }, (_, j) => +(i === j)),
      ),
    );
    const bias = tf.zeros<tf.Rank.R1>([width]);
    const packing = packingOf(lengths);
    return clsAttention(
      {
        query: tf.zeros([lengths.length, width]),
        x: tf.tensor2d(oneHotPositions(lengths, heads, depth)),
      },
      { key: { weight: zeros, bias }, value: { weight: identity, bias } },
      { packing, heads, dropout },
    ).dataSync().map((value) => value > 0 ? 1 : 0);
  });
  const options = { lengths, heads, depth, rows: "cls" } as const;
  assertEquals([...dropped], keptPositions(options, maskOf(options, dropout)));
});

Deno.test("a micro-batch drops the <cls> weights that the whole batch drops", async () => {
  await openDevice("cpu");
  const lengths = [5, 3, 8, 2];
  const offsets = offsetsOf(lengths);
  const { inputs } = call({ lengths, heads: 2, depth: 8 });
  const context = (from: number) =>
    tf.tidy(() => {
      const packing = new Packing(offsetsOf(lengths.slice(from)), {
        padded: false,
        first: from,
      });
      const { query, x, keyWeight, valueWeight, valueBias } = inputs;
      const square = ({ data }: { data: Float32Array }) =>
        tf.tensor2d(data, [16, 16]);
      const bias = tf.tensor1d(valueBias.data);
      return clsAttention(
        {
          query: tf.tensor2d(query.data.slice(16 * from), [4 - from, 16]),
          x: tf.tensor2d(x.data.slice(16 * offsets[from]), [
            packing.tokens,
            16,
          ]),
        },
        {
          key: { weight: square(keyWeight), bias },
          value: { weight: square(valueWeight), bias },
        },
        { packing, heads: 2, dropout },
      ).dataSync();
    });
  assertClose(context(2), context(0).slice(16 * 2), 1e-6);
});
