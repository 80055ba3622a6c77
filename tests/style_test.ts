import { assertEquals } from "@std/assert";
import { sourcesIn } from "./support/pages/sources.ts";

/** A literal that is spread where its fields could stand. */
const PACKED = /\.\.\.\{/;

for (const folder of ["lib", "tasks", "bench", "docs", "fixtures", "tests"]) {
  Deno.test(`no object literal in ${folder} is spread to save lines`, async () => {
    const packed: string[] = [];
    for await (const [path, text] of sourcesIn(folder)) {
      text.split("\n").forEach((line, i) => {
        if (PACKED.test(line)) packed.push(`${path}:${i + 1}: ${line.trim()}`);
      });
    }
    assertEquals(packed, []);
  });
}

Deno.test("no object literal in mod.ts is spread to save lines", async () => {
  assertEquals(PACKED.exec(await Deno.readTextFile("mod.ts")), null);
});
