import { assert, assertEquals, assertGreater } from "@std/assert";
import type { ListedTest } from "../support/test_files.ts";

const page = await Deno.readTextFile("docs/reliability.md");

Deno.test("every test that docs/reliability.md names exists", async () => {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", "tests/support/list_tests.ts"],
    env: { PREMISE_TESTS: "slow", PREMISE_SLOW_SHARE: "1" },
  }).output();
  assertEquals(code, 0);
  const names = new Set(
    new TextDecoder().decode(stdout).trim().split("\n")
      .map((line) => (JSON.parse(line) as ListedTest).name),
  );
  const record = page.split("## Track record")[1];
  const named = [...record.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
  assertGreater(named.length, 5);
  for (const name of named) assert(names.has(name), `no test: ${name}`);
});

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
