/** What holds for all tests: of their names, and of their files'. */
import { assertEquals, assertGreater } from "@std/assert";
import { basename, dirname } from "@std/path";
import { type ListedTest, testFiles } from "./support/test_files.ts";

let tests: ListedTest[];

Deno.test.beforeAll(async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", "tests/support/list_tests.ts"],
    env: { PREMISE_TESTS: "slow", PREMISE_SLOW_SHARE: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  tests = new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => JSON.parse(line));
});

/** A test as a failure shows it. */
function shown({ file, name }: ListedTest): string {
  return `${file}: ${name}`;
}

Deno.test("no two tests have the same name", () => {
  const first = new Map<string, ListedTest>();
  const again = tests.filter((test) => {
    const other = first.get(test.name);
    first.set(test.name, other ?? test);
    return other !== undefined;
  });
  assertEquals(again.map(shown), []);
});

Deno.test("the name of every test may be a sentence", () => {
  const SENTENCE = /^\S+( \S+){2,}$/s;
  const odd = tests.filter(({ name }) =>
    !SENTENCE.test(name) || /[.,:;!?]$/.test(name)
  );
  assertEquals(odd.map(shown), []);
});

Deno.test("every test that is skipped says why", () => {
  const silent = tests.filter(({ name, ignored }) =>
    ignored && !/ \(skipped: .+\)$/.test(name)
  );
  assertEquals(silent.map(shown), []);
});

Deno.test("every test that docs/reliability.md names exists", async () => {
  const page = await Deno.readTextFile("docs/reliability.md");
  const record = page.split("## Track record")[1];
  const named = [...record.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
  assertGreater(named.length, 5);
  const names = new Set(tests.map(({ name }) => name));
  assertEquals(named.filter((name) => !names.has(name)), []);
});

/** What lies in a folder, without what follows the first dot. */
async function stemsIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name.split(".")[0]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

for (const tree of ["bench", "docs", "lib", "tasks"]) {
  Deno.test(`a test's file below tests/${tree} begins with the name of what it tests`, async () => {
    const odd: string[] = [];
    for (const file of await testFiles(`tests/${tree}`)) {
      const folder = dirname(file).replace("tests/", "");
      // A file or a folder there, or, in a folder of its name, a lone file.
      const names = [...await stemsIn(folder), basename(folder)];
      const own = basename(file).replace("test.ts", "");
      if (!names.some((name) => own.startsWith(`${name}_`))) odd.push(file);
    }
    assertEquals(odd, [], "expected NAME_test.ts or NAME_ASPECT_test.ts");
  });
}
