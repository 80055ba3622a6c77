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
