import { assertEquals } from "@std/assert";
import { SeenPairs } from "../../../../lib/data/encode/seen_pairs.ts";

Deno.test("a pair that comes again tells the class that it had first", () => {
  const seen = new SeenPairs();
  assertEquals(
    [seen.add(7, 9, 2), seen.add(7, 9, 0), seen.add(7, 9, 1)],
    [null, 2, 2],
  );
});

Deno.test("pairs are told apart by either half of their hashes", () => {
  const seen = new SeenPairs();
  seen.add(7, 9, 2);
  assertEquals(
    [seen.has(7, 9), seen.has(7, 8), seen.has(8, 9), seen.has(9, 7)],
    [true, false, false, false],
  );
});

Deno.test("twenty thousand pairs are remembered, many of which want one slot", () => {
  const seen = new SeenPairs();
  for (let i = 0; i < 20_000; i++) seen.add(i, i & 0xfff, i % 3);
  const again = Array.from(
    { length: 20_000 },
    (_, i) => seen.add(i, i & 0xfff, 127),
  );
  assertEquals(again.findIndex((label, i) => label !== i % 3), -1);
});
