import { assertEquals } from "@std/assert";
import { batches, packBatch } from "../../../../lib/data/batch/batches.ts";
import type { Table } from "../../../../lib/data/table/table.ts";

/** Rows of 4, 3, 6 and 3 tokens; the second has no second sentence. */
const table: Table = {
  path: "made up",
  rows: 4,
  tokenIds: Int32Array.of(1, 10, 2, 2, 1, 20, 2, 1, 30, 31, 2, 32, 2, 1, 2, 2),
  offsets: Int32Array.of(0, 4, 7, 13, 16),
  second: Int32Array.of(3, 3, 4, 2),
  labels: Int32Array.of(2, 0, 1, 2),
  sourceLines: Int32Array.of(2, 3, 5, 6),
  premise: String,
  hypothesis: String,
};

Deno.test("a batch holds its examples end to end", () => {
  assertEquals(packBatch(table, Uint32Array.of(2, 1)), {
    size: 2,
    tokenIds: Int32Array.of(1, 30, 31, 2, 32, 2, 1, 20, 2),
    segments: Int32Array.of(0, 0, 0, 0, 1, 1, 0, 0, 0),
    positions: Int32Array.of(0, 1, 2, 3, 4, 5, 0, 1, 2),
    offsets: Int32Array.of(0, 6, 9),
    labels: Int32Array.of(1, 0),
    indices: Int32Array.of(2, 1),
  });
});

Deno.test("the batches of a pass hold every row once, the last has the rest", () => {
  const indices = [...batches(table, { batchSize: 3 })].map((
    b,
  ) => [...b.indices]);
  assertEquals(indices, [[0, 1, 2], [3]]);
});

Deno.test("batches follow the order given", () => {
  const order = Uint32Array.of(3, 0, 2, 1);
  const indices = [...batches(table, { batchSize: 2, order })]
    .map((b) => [...b.indices]);
  assertEquals(indices, [[3, 0], [2, 1]]);
});

Deno.test("a pass can go on from a later batch", () => {
  const all = [...batches(table, { batchSize: 1 })];
  assertEquals([...batches(table, { batchSize: 1, from: 2 })], all.slice(2));
});

Deno.test("a pass over a table without rows has no batch", () => {
  const order = new Uint32Array(0);
  assertEquals([...batches(table, { batchSize: 2, order })], []);
});
