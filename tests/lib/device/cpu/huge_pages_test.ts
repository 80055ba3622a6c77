import { assertEquals } from "@std/assert";
import { adviseHugePages } from "../../../../lib/device/cpu/huge_pages.ts";
import { Arena } from "../../../../lib/device/cpu/memory.ts";

Deno.test("a memory holds its values when huge pages are asked for", () => {
  const arena = new Arena();
  const count = 1 << 21;
  const address = arena.alloc(4 * count);
  arena.floats(address, count).fill(1.5);
  adviseHugePages(arena.memory);
  const more = arena.alloc(4 * count);
  arena.floats(more, count).fill(2.5);
  assertEquals(arena.floats(address, count).at(-1), 1.5);
  assertEquals(arena.floats(more, count).at(-1), 2.5);
});

Deno.test(
  "a process that may not load libraries goes without huge pages",
  { permissions: { ffi: false } },
  () => adviseHugePages(new Arena().memory),
);
