import { assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../lib/device/mod.ts";
import {
  embedding,
  embeddingIndex,
  type EmbeddingTables,
} from "../../../../lib/ops/embedding/mod.ts";
import type { PaddingRows } from "../../../../lib/ops/embedding/padding_rows.ts";
import { randomArray } from "../../../support/ops/arrays.ts";
import {
  exactEmbedding,
  INDEX,
  PADDING,
  ROWS,
  withoutPadding,
} from "../../../support/ops/exact_embedding.ts";
import { type OpCall, testOp } from "../../../support/ops/op.ts";

function call(
  width: number,
  index: number[][],
  padding: PaddingRows = [],
): OpCall {
  const [token, segment, position] = ROWS.map((rows, i) =>
    randomArray([rows, width], i)
  );
  const inputs = { token, segment, position };
  const slope = randomArray([index[0].length, width], 3);
  return {
    inputs,
    slope,
    place: () => {
      const batch = embeddingIndex(
        index.map((values) => Int32Array.from(values)),
        ROWS,
        true,
        padding,
      );
      return (tables) => embedding(inOrder(tables), batch);
    },
    exact() {
      const tables = [token, segment, position].map(({ data }) => data);
      const { value, gradients } = exactEmbedding(
        tables,
        index,
        slope.data,
        width,
      );
      return { value, gradients: withoutPadding(gradients, padding, width) };
    },
  };
}

function inOrder(tables: Record<string, tf.Tensor>): EmbeddingTables {
  const { token, segment, position } = tables;
  return [token, segment, position] as EmbeddingTables;
}

for (const width of [1, 5, 8, 33]) {
  await testOp(`embedding of ${width} features`, call(width, INDEX));
}
await testOp(
  "embedding whose padding learns nothing",
  call(5, INDEX, PADDING),
);
await testOp(
  "embedding of a lone token",
  call(7, INDEX.map((values) => values.slice(0, 1))),
);
await testOp(
  "embedding of 1,600 tokens",
  call(48, INDEX.map((values) => Array(200).fill(values).flat())),
  // A row of a table's gradient is a sum of up to 1,000 rows, one by one.
  { exact: 4e-6, stock: 4e-6 },
);

for (const [i, table] of ["token", "segment", "position"].entries()) {
  for (const value of [-1, ROWS[i]]) {
    Deno.test(`embedding refuses ${value} as a ${table} of ${ROWS[i]}`, async () => {
      await openDevice("cpu");
      tf.tidy(() => {
        const index = INDEX.map((values) => Int32Array.from(values));
        index[i][2] = value;
        assertThrows(
          () => embeddingIndex(index, ROWS, false),
          RangeError,
          `index ${value} is not in [0, ${ROWS[i]})`,
        );
      });
    });
  }
}
