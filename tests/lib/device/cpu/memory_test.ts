import { assert, assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { Arena } from "../../../../lib/device/cpu/memory.ts";
import { mix } from "../../../../lib/ops/dropout/mask.ts";

const GIB = 2 ** 30;

Deno.test("an arena gives a freed block to the next of its size", () => {
  const arena = new Arena();
  const first = arena.alloc(1000);
  const second = arena.alloc(1000);
  arena.free(first, 1000);
  assertEquals(arena.alloc(1000), first);
  assert(arena.alloc(1000) > second);
});

Deno.test("free neighbours make room for one larger block", () => {
  const arena = new Arena();
  const blocks = [1000, 2000, 3000].map((size) => arena.alloc(size));
  arena.alloc(64);
  arena.free(blocks[0], 1000);
  arena.free(blocks[2], 3000);
  arena.free(blocks[1], 2000);
  assertEquals(arena.alloc(6000), blocks[0]);
});

Deno.test("a block goes where the least is left over", () => {
  const arena = new Arena();
  const [large, , small] = [5000, 64, 1000, 64].map((size) =>
    arena.alloc(size)
  );
  arena.free(large, 5000);
  arena.free(small, 1000);
  assertEquals(arena.alloc(900), small);
});

Deno.test("a gap at the end grows with the memory", () => {
  const arena = new Arena();
  const address = arena.alloc(1_000_000);
  arena.free(address, 1_000_000);
  assertEquals(arena.alloc(50_000_000), address);
});

Deno.test("an arena doesn't grow while the same sizes come and go", () => {
  const arena = new Arena();
  const sizes = [4, 64, 65, 4096, 100_000, 3_000_000];
  const round = () => {
    const blocks = sizes.map((size) => [arena.alloc(size), size] as const);
    for (const [address, size] of blocks) arena.free(address, size);
  };
  round();
  const { bytes } = arena;
  for (let i = 0; i < 100; i++) round();
  assertEquals(arena.bytes, bytes);
});

Deno.test("blocks in use never overlap, and begin at cache lines", () => {
  const arena = new Arena();
  const used = new Map<number, number>();
  for (let i = 0; i < 3000; i++) {
    const random = mix(i + 1) >>> 0;
    const [address] = used.keys();
    if (used.size > 20 && random % 2) {
      arena.free(address, used.get(address)!);
      used.delete(address);
    } else {
      const size = 1 + random % 5000;
      used.set(arena.alloc(size), size);
    }
  }
  const blocks = [...used].sort(([a], [b]) => a - b);
  blocks.forEach(([address, size], i) => {
    assertEquals(address % 64, 0);
    assert(i + 1 === blocks.length || address + size <= blocks[i + 1][0]);
  });
});

Deno.test("values survive the growth of the memory", () => {
  const arena = new Arena();
  const address = arena.alloc(12);
  arena.floats(address, 3).set([1, 2, 3]);
  const before = arena.memory.buffer.byteLength;
  arena.alloc(64 * 2 ** 20);
  assert(arena.memory.buffer.byteLength > before);
  assertEquals([...arena.floats(address, 3)], [1, 2, 3]);
});

Deno.test("a full memory tells the user to take smaller batches", () => {
  const error = assertThrows(
    () => new Arena().alloc(5 * GIB),
    UserError,
    "The CPU's memory is full: a step needs 5122 MiB, and 4096 are the most",
  );
  assertEquals([error.code, error.exitCode], ["out-of-memory", 1]);
  assertEquals(error.hint, "take a smaller --batch-size");
});

Deno.test("a memory that was too small for one block takes others", () => {
  const arena = new Arena();
  assertThrows(() => arena.alloc(5 * GIB), UserError);
  const address = arena.alloc(1000);
  assert(address + 1000 <= arena.memory.buffer.byteLength);
  assert(arena.bytes < GIB);
});
