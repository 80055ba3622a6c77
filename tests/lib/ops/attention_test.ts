import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import {
  attention,
  type AttentionOptions,
  clsAttention,
} from "../../../lib/ops/attention/mod.ts";
import { attentionMask, type Dropout } from "../../../lib/ops/dropout/mask.ts";
import { Packing, type Rows } from "../../../lib/ops/packing.ts";
import type { FloatArray } from "../../../lib/weights/arrays.ts";
import { offsetsOf, randomArray } from "./arrays.ts";
import {
  type Outcome,
  packingOf,
  type RoomCall,
  type Tensors,
  testRoom,
} from "./room.ts";

/** What attention is called with. */
interface Case {
  /** Tokens of each example. */
  lengths: number[];
  heads: number;
  /** Features of a head, d. */
  depth: number;
  rows: Rows;
  dropout?: Dropout;
}

function call(options: Case): RoomCall {
  const { lengths, heads, depth, rows } = options;
  const tokens = lengths.reduce((a, b) => a + b);
  const queries = rows === "all" ? tokens : lengths.length;
  const width = heads * depth;
  const query = randomArray([queries, width], 1, 2);
  const key = randomArray([tokens, width], 2, 2);
  const value = randomArray([tokens, width], 3);
  const slope = randomArray([queries, width], 4);
  const inputs: Record<string, FloatArray> = rows === "all"
    ? { projected: sideBySide(width, [query, key, value]) }
    : { query, projected: sideBySide(width, [key, value]) };
  return {
    inputs,
    slope,
    place: () => {
      const packing = packingOf(lengths);
      return (tensors) => attend(tensors, { ...options, packing });
    },
    exact: () => {
      const { value: y, gradients } = exactAttention(options, {
        query: query.data,
        key: key.data,
        value: value.data,
        slope: slope.data,
      });
      const join = (names: string[]) =>
        sideBySide(
          width,
          names.map((name) => ({ data: gradients[name] as Float64Array })),
        ).data;
      return {
        value: y,
        gradients: rows === "all"
          ? { projected: join(["query", "key", "value"]) }
          : { query: gradients.query, projected: join(["key", "value"]) },
      };
    },
  };
}

/** The operation for the rows that ask. */
function attend(
  tensors: Tensors,
  { rows, ...options }: AttentionOptions & { rows: Rows },
): tf.Tensor2D {
  const projected = tensors.projected as tf.Tensor2D;
  return rows === "all"
    ? attention(projected, options)
    : clsAttention({ query: tensors.query as tf.Tensor2D, projected }, options);
}

/** Matrices of equally many columns as one, [T, n width]. */
function sideBySide(
  width: number,
  matrices: { data: Float32Array | Float64Array }[],
): FloatArray {
  const rows = matrices[0].data.length / width;
  const joined = new Float32Array(rows * matrices.length * width);
  for (let t = 0; t < rows; t++) {
    matrices.forEach(({ data }, i) =>
      joined.set(
        data.subarray(t * width, (t + 1) * width),
        (t * matrices.length + i) * width,
      )
    );
  }
  return { data: joined, shape: [rows, matrices.length * width] };
}

type Arrays = Record<"query" | "key" | "value" | "slope", Float32Array>;

function exactAttention(options: Case, arrays: Arrays): Outcome {
  const { lengths, heads, depth, rows, dropout } = options;
  const width = heads * depth;
  const { query, key, value, slope } = arrays;
  const offsets = offsetsOf(lengths);
  const longest = Math.max(...lengths);
  const asking = (b: number) => rows === "all" ? lengths[b] : 1;
  const mask = dropout ? maskOf(options, dropout) : undefined;
  const y = new Float64Array(query.length);
  const dq = new Float64Array(query.length);
  const dk = new Float64Array(key.length);
  const dv = new Float64Array(value.length);
  for (let b = 0; b < lengths.length; b++) {
    const [L, M] = [lengths[b], asking(b)];
    const own = rows === "all" ? offsets[b] : b;
    for (let h = 0; h < heads; h++) {
      const at = (row: number, i: number) => row * width + h * depth + i;
      for (let m = 0; m < M; m++) {
        const keep = (j: number) => {
          const queries = rows === "all" ? longest : 1;
          const row = (b * heads + h) * queries + m;
          return mask ? mask[row * longest + j] : 1;
        };
        const scores = Array.from({ length: L }, (_, j) => {
          let sum = 0;
          for (let i = 0; i < depth; i++) {
            sum += query[at(own + m, i)] * key[at(offsets[b] + j, i)];
          }
          return sum / Math.sqrt(depth);
        });
        const powers = scores.map((s) => Math.exp(s - Math.max(...scores)));
        const total = powers.reduce((a, c) => a + c);
        const p = powers.map((power) => power / total);
        // Slope of each probability, then of each score.
        const dp = p.map((_, j) => {
          let sum = 0;
          for (let i = 0; i < depth; i++) {
            const there = at(offsets[b] + j, i);
            y[at(own + m, i)] += keep(j) * p[j] * value[there];
            dv[there] += keep(j) * p[j] * slope[at(own + m, i)];
            sum += slope[at(own + m, i)] * value[there];
          }
          return keep(j) * sum;
        });
        const mean = dp.reduce((sum, d, j) => sum + d * p[j], 0);
        p.forEach((share, j) => {
          const ds = share * (dp[j] - mean) / Math.sqrt(depth);
          for (let i = 0; i < depth; i++) {
            dq[at(own + m, i)] += ds * key[at(offsets[b] + j, i)];
            dk[at(offsets[b] + j, i)] += ds * query[at(own + m, i)];
          }
        });
      }
    }
  }
  return { value: y, gradients: { query: dq, key: dk, value: dv } };
}

function maskOf({ lengths, heads, rows }: Case, dropout: Dropout) {
  const packing = new Packing(offsetsOf(lengths), { padded: false });
  return attentionMask(packing, rows, heads, dropout);
}

const LENGTHS = [1, 3, 17, 4];
const dropout = { rate: 0.3, key: 12345 };

for (const depth of [1, 3, 8, 16, 24, 64, 128]) {
  await testRoom(
    `attention of 2 heads of size ${depth}`,
    call({ lengths: LENGTHS, heads: 2, depth, rows: "all" }),
  );
}
for (const rows of ["all", "cls"] as const) {
  await testRoom(
    `attention with dropout of ${rows} rows`,
    call({ lengths: LENGTHS, heads: 3, depth: 8, rows, dropout }),
  );
}
await testRoom(
  "attention of <cls> rows of odd heads",
  call({ lengths: LENGTHS, heads: 3, depth: 5, rows: "cls" }),
);
await testRoom(
  "attention of a lone token",
  call({ lengths: [1], heads: 1, depth: 3, rows: "all" }),
);
await testRoom(
  "attention of examples of 2 to 90 tokens",
  call({ lengths: [90, 2, 33], heads: 2, depth: 16, rows: "all", dropout }),
);

for (const rows of ["all", "cls"] as const) {
  Deno.test(`attention on the CPU drops what attentionMask says, of ${rows} rows`, async () => {
    await openDevice("cpu");
    const lengths = [5, 1, 8, 2];
    const [heads, depth] = [3, 8];
    const dropped = tf.tidy(() => {
      const packing = packingOf(lengths);
      const width = heads * depth;
      const query = tf.zeros([packing.rowCount(rows), width]);
      // Equal scores: queries and keys of 0 before the values.
      const before = Array((rows === "all" ? 2 : 1) * width).fill(0);
      const projected = tf.tensor2d(
        oneHotPositions(lengths, heads, depth)
          .map((values) => [...before, ...values]),
      );
      return attend({ query, projected }, { packing, heads, rows, dropout })
        .dataSync().map((value) => value > 0 ? 1 : 0);
    });
    const options = { lengths, heads, depth, rows };
    assertEquals(
      [...dropped],
      contextsOf(options, maskOf(options, dropout)),
    );
  });
}

/** Values by which a context shows each weight: token j has 1 at feature j. */
function oneHotPositions(
  lengths: number[],
  heads: number,
  depth: number,
): number[][] {
  return lengths.flatMap((length) =>
    Array.from(
      { length },
      (_, j) =>
        Array.from({ length: heads * depth }, (_, i) => +(i % depth === j)),
    )
  );
}

/** The contexts of such values, 1 where the mask keeps a weight. */
function contextsOf(options: Case, mask: Float32Array): number[] {
  const { lengths, heads, depth, rows } = options;
  const longest = Math.max(...lengths);
  const queries = rows === "all" ? longest : 1;
  const contexts: number[] = [];
  lengths.forEach((length, b) => {
    for (let m = 0; m < (rows === "all" ? length : 1); m++) {
      for (let h = 0; h < heads; h++) {
        const row = ((b * heads + h) * queries + m) * longest;
        for (let j = 0; j < depth; j++) {
          contexts.push(j < length && mask[row + j] > 0 ? 1 : 0);
        }
      }
    }
  });
  return contexts;
}

Deno.test("a part of a batch drops the weights that the whole batch drops", async () => {
  await openDevice("cpu");
  const lengths = [5, 3, 8, 2];
  const offsets = offsetsOf(lengths);
  const { data } = randomArray([18, 48], 1);
  const context = (from: number) =>
    tf.tidy(() => {
      const own = lengths.slice(from);
      const packing = new Packing(offsetsOf(own), {
        padded: false,
        first: from,
      });
      const projected = tf.tensor2d(data.slice(48 * offsets[from]), [
        packing.tokens,
        48,
      ]);
      return attention(projected, { packing, heads: 2, dropout }).dataSync();
    });
  assertEquals(context(2), context(0).slice(16 * offsets[2]));
});
