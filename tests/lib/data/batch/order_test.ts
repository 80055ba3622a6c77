import { assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { epochOrder } from "../../../../lib/data/batch/order.ts";

Deno.test("an order has every row once", () => {
  assertEquals(
    epochOrder(1000, 7, 3).toSorted(),
    Uint32Array.from({ length: 1000 }, (_, i) => i),
  );
});

Deno.test("an order is the same whenever it is asked for", () => {
  assertEquals(
    epochOrder(10, 0, 0),
    Uint32Array.of(6, 5, 7, 8, 2, 0, 1, 9, 4, 3),
  );
});

Deno.test("epochs have different orders", () => {
  assertNotEquals(epochOrder(100, 0, 0), epochOrder(100, 0, 1));
});

Deno.test("seeds have different orders", () => {
  assertNotEquals(epochOrder(100, 0, 0), epochOrder(100, 1, 0));
});

Deno.test("seed and epoch don't stand for each other", () => {
  assertNotEquals(epochOrder(100, 1, 0), epochOrder(100, 0, 1));
});

Deno.test("no row and no row at all are orders too", () => {
  assertEquals([...epochOrder(0, 0, 0), ...epochOrder(1, 0, 0)], [0]);
});

Deno.test("every order of four rows is as likely as the others", () => {
  const runs = 24_000;
  const counts = new Map<string, number>();
  for (let epoch = 0; epoch < runs; epoch++) {
    const key = epochOrder(4, 5, epoch).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const expected = runs / 24;
  const chiSquare = [...counts.values()]
    .reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  assertEquals(counts.size, 24);
  // 99.9 % of fair shuffles stay below this, with 23 degrees of freedom.
  assertLess(chiSquare, 49.7);
});
