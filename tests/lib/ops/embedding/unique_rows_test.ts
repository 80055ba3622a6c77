import { assertEquals, assertThrows } from "@std/assert";
import { uniqueRows } from "../../../../lib/ops/embedding/unique_rows.ts";

function find(index: number[], count: number): [number[], number[]] {
  const { rows, slots } = uniqueRows(Int32Array.from(index), count);
  return [[...rows], [...slots]];
}

Deno.test("rows are found once, in the order of their first use", () => {
  assertEquals(find([5, 0, 5, 3, 0], 6), [[5, 0, 3], [0, 1, 0, 2, 1]]);
});

Deno.test("no row of one batch is found in the next", () => {
  find([1, 2, 3], 10);
  assertEquals(find([3, 1], 4), [[3, 1], [0, 1]]);
});

Deno.test("a row that is refused leaves nothing behind", () => {
  assertThrows(() => uniqueRows(Int32Array.of(2, 9), 5), RangeError, "9");
  assertEquals(find([2], 5), [[2], [0]]);
});
