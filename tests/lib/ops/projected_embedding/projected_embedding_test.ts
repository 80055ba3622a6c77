import { assert, assertFalse } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../lib/device/mod.ts";
import { sideBySide } from "../../../../lib/doctor/op_case.ts";
import {
  embeddingIndex,
  type EmbeddingTables,
} from "../../../../lib/ops/embedding/mod.ts";
import type { PaddingRows } from "../../../../lib/ops/embedding/padding_rows.ts";
import type { Layer } from "../../../../lib/ops/linear/mod.ts";
import {
  projectedEmbedding,
  projectsTables,
} from "../../../../lib/ops/projected_embedding/mod.ts";
import { randomArray } from "../../../support/ops/arrays.ts";
import {
  exactEmbedding,
  INDEX,
  PADDING,
  ROWS,
  withoutPadding,
} from "../../../support/ops/exact_embedding.ts";
import {
  exactProjections,
  layerInputs,
} from "../../../support/ops/exact_projections.ts";
import { type OpCall, type Tensors, testOp } from "../../../support/ops/op.ts";
import { webgpuTest } from "../../../support/require.ts";

/** Rows of tables of which the last has some that are not in use. */
const SPACIOUS = [ROWS[0], ROWS[1], 11];

/** Tables of K features, n layers of K to H. */
type Shape = [K: number, H: number, n: number];

function call(
  [K, H, n]: Shape,
  index: number[][],
  [tokens, segments, positions] = SPACIOUS,
  padding: PaddingRows = [],
): OpCall {
  const tables = [tokens, segments, positions]
    .map((rows, i) => randomArray([rows, K], i));
  const [token, segment, position] = tables;
  const weights = Array.from(
    { length: n },
    (_, i) => randomArray([H, K], 10 + i, 2 / Math.sqrt(K)),
  );
  const biases = Array.from({ length: n }, (_, i) => randomArray([H], 20 + i));
  // Of both results side by side.
  const slope = randomArray([index[0].length, K + n * H], 4);
  return {
    inputs: { token, segment, position, ...layerInputs(weights, biases) },
    slope,
    place: (tensors) => {
      const batch = placeIndex(tensors, index, true, padding);
      return (tensors) => {
        const { x, projected } = projectedEmbedding(
          inOrder(tensors),
          batch,
          weights.map((_, i) => ({
            weight: tensors[`weight${i}`],
            bias: tensors[`bias${i}`],
          } as Layer)),
        );
        return sideBySide(x, projected);
      };
    },
    exact: () => {
      const data = tables.map(({ data }) => data);
      const none = new Float32Array(index[0].length * K);
      const x = exactEmbedding(data, index, none, K).value;
      const [dx, dy] = splitRows(slope.data, K, n * H);
      const projected = exactProjections({ x, weights, biases, slope: dy });
      const all = dx.map((slope, at) => slope + projected.dx[at]);
      return {
        value: joinRows(x, K, projected.value, n * H),
        gradients: {
          ...withoutPadding(
            exactEmbedding(data, index, all, K).gradients,
            padding,
            K,
          ),
          ...projected.layers,
        },
      };
    },
  };
}

/** The first `a` and the other `b` columns of a matrix. */
function splitRows(
  matrix: ArrayLike<number>,
  a: number,
  b: number,
): [Float64Array, Float64Array] {
  const rows = matrix.length / (a + b);
  const columns = (count: number, first: number) =>
    Float64Array.from({ length: rows * count }, (_, at) => {
      const row = Math.floor(at / count);
      return matrix[row * (a + b) + first + at % count];
    });
  return [columns(a, 0), columns(b, a)];
}

/** Two matrices of `a` and `b` columns side by side. */
function joinRows(
  left: ArrayLike<number>,
  a: number,
  right: ArrayLike<number>,
  b: number,
): Float64Array {
  return Float64Array.from({ length: left.length + right.length }, (_, at) => {
    const [row, column] = [Math.floor(at / (a + b)), at % (a + b)];
    return column < a ? left[row * a + column] : right[row * b + column - a];
  });
}

function placeIndex(
  tensors: Tensors,
  index: number[][],
  learned = true,
  padding: PaddingRows = [],
) {
  const values = index.map((rows) => Int32Array.from(rows));
  const counts = inOrder(tensors).map(({ shape }) => shape[0]);
  return embeddingIndex(values, counts, learned, padding);
}

function inOrder({ token, segment, position }: Tensors): EmbeddingTables {
  return [token, segment, position] as EmbeddingTables;
}

for (
  const [K, H, n] of [
    [1, 1, 2],
    [5, 3, 3],
    [33, 40, 3],
    // Rows and sums of whole vectors and steps.
    [16, 32, 3],
  ] as Shape[]
) {
  await testOp(
    `the projections of an embedding of ${K} features to ${n} times ${H}`,
    call([K, H, n], INDEX),
    { exact: 2e-6, stock: 4e-6 },
  );
}
await testOp(
  "the projections of an embedding of 1,600 tokens",
  call([16, 8, 3], INDEX.map((values) => Array(200).fill(values).flat())),
  // A row of a table's gradient is a sum of up to 1,000 rows, one by one.
  { exact: 4e-6, stock: 4e-6 },
);

await testOp(
  "the projections of an embedding whose every row is in use",
  call([5, 3, 3], INDEX, ROWS),
);
await testOp(
  "the projections of an embedding whose padding learns nothing, and they do",
  call([5, 3, 3], INDEX, SPACIOUS, PADDING),
);
const MANY = 1500;
await testOp(
  "the projections of an embedding of 1,500 words, which are summed in slices",
  call(
    [8, 4, 3],
    [
      Array.from({ length: 2 * MANY }, (_, t) => t * 7 % MANY),
      Array.from({ length: 2 * MANY }, (_, t) => t >> 2 & 1),
      Array.from({ length: 2 * MANY }, (_, t) => t % 5),
    ],
    [MANY, 2, 5],
  ),
  { exact: 1e-5, stock: 1e-5 },
);

/** Whether tables are projected while training on INDEX some times over. */
function projects(repetitions: number, learned: boolean): boolean {
  return tf.tidy(() => {
    const [token, segment, position] = ROWS.map((rows) => tf.zeros([rows, 2]));
    const index = INDEX.map((rows) => Array(repetitions).fill(rows).flat());
    const tensors = { token, segment, position };
    const batch = placeIndex(tensors, index, learned);
    return projectsTables(inOrder(tensors), batch, true);
  });
}

Deno.test("tables are projected if they have fewer rows than there are tokens", async () => {
  await openDevice("cpu");
  // 7 tokens and 5 positions occur in 8, and in 16, tokens.
  assertFalse(projects(1, true));
  assert(projects(2, true));
});

Deno.test("frozen tables are projected on the CPU", async () => {
  await openDevice("cpu");
  assert(projects(2, false));
});

await webgpuTest(
  "frozen tables are not projected by WebGPU, which has no plan to sum by row",
  async () => {
    await openDevice("webgpu");
    assert(projects(2, true));
    assertFalse(projects(2, false));
  },
);
