import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../lib/device/mod.ts";
import { attention } from "../../../../lib/ops/attention/mod.ts";
import { Packing } from "../../../../lib/ops/batch/packing.ts";
import { offsetsOf, randomArray } from "../../../support/ops/arrays.ts";
import {
  type AttentionCase,
  exactAttention,
  keptPositions,
  maskOf,
  oneHotPositions,
} from "../../../support/ops/exact_attention.ts";
import { type OpCall, packingOf, testOp } from "../../../support/ops/op.ts";
import { slowTest } from "../../../support/slow.ts";

function call(options: Omit<AttentionCase, "rows">): OpCall {
  const { lengths, heads, depth } = options;
  const tokens = lengths.reduce((a, b) => a + b);
  const width = heads * depth;
  const projected = randomArray([tokens, 3 * width], 1, 2);
  const slope = randomArray([tokens, width], 4);
  return {
    inputs: { projected },
    slope,
    place: () => {
      const packing = packingOf(lengths);
      return ({ projected }) =>
        attention(projected as tf.Tensor2D, { ...options, packing });
    },
    exact: () => {
      const third = (i: number) =>
        Float32Array.from(
          { length: tokens * width },
          (_, at) =>
            projected
              .data[(Math.floor(at / width) * 3 + i) * width + at % width],
        );
      const { y, ...gradients } = exactAttention({ ...options, rows: "all" }, {
        query: third(0),
        key: third(1),
        value: third(2),
        slope: slope.data,
      });
      const three = [gradients.query, gradients.key, gradients.value];
      return {
        value: y,
        gradients: {
          projected: Float64Array.from(
            { length: 3 * tokens * width },
            (_, at) => {
              const column = at % (3 * width);
              const row = Math.floor(at / (3 * width));
              const own = three[Math.floor(column / width)];
              return own[row * width + column % width];
            },
          ),
        },
      };
    },
  };
}

const LENGTHS = [1, 3, 17, 4];
const dropout = { rate: 0.3, key: 12345 };

for (const depth of [1, 3, 8, 16, 24, 64, 128]) {
  await testOp(
    `attention of 2 heads of size ${depth}`,
    call({ lengths: LENGTHS, heads: 2, depth }),
    [3, 8, 16, 64].includes(depth) ? {} : { declareWebgpu: slowTest },
  );
}
await testOp(
  "attention with dropout",
  call({ lengths: LENGTHS, heads: 3, depth: 8, dropout }),
);
await testOp(
  "attention of a lone token",
  call({ lengths: [1], heads: 1, depth: 3 }),
);
await testOp(
  "attention of examples of 2 to 90 tokens",
  call({ lengths: [90, 2, 33], heads: 2, depth: 16, dropout }),
);

Deno.test("attention on the CPU drops what attentionMask says", async () => {
  await openDevice("cpu");
  const lengths = [5, 1, 8, 2];
  const [heads, depth] = [3, 8];
  const dropped = tf.tidy(() => {
    // Equal scores: queries and keys of 0 before the values.
    const before = Array(2 * heads * depth).fill(0);
    const projected = tf.tensor2d(
      oneHotPositions(lengths, heads, depth)
        .map((values) => [...before, ...values]),
    );
    const packing = packingOf(lengths);
    return attention(projected, { packing, heads, dropout })
      .dataSync().map((value) => value > 0 ? 1 : 0);
  });
  const options = { lengths, heads, depth, rows: "all" } as const;
  assertEquals([...dropped], keptPositions(options, maskOf(options, dropout)));
});

Deno.test("a micro-batch drops the weights that the whole batch drops", async () => {
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
