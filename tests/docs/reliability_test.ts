import { assertEquals, assertGreater } from "@std/assert";

const page = await Deno.readTextFile("docs/reliability.md");

Deno.test("the faults of the jobs in docs/reliability.md add up", () => {
  const rows = [...page.matchAll(/^\| ([^|]+?) +\| ([\d,]+) +\|$/gm)]
    .map(([, job, count]) => ({ job, count: Number(count.replace(",", "")) }));
  const all = rows.pop()!;
  assertEquals(all.job, "all");
  assertGreater(rows.length, 5);
  assertEquals(rows.reduce((sum, { count }) => sum + count, 0), all.count);
});

Deno.test("the files that docs/reliability.md's commands run exist", async () => {
  const paths = [...page.matchAll(/deno task test:slow (tests\S*?)`/g)];
  assertGreater(paths.length, 3);
  for (const [, path] of paths) await Deno.stat(path);
});
