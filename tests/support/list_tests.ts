/**
 * Tells every test that the files below tests/ register, without running any:
 * a line of JSON each on stdout. With PREMISE_TESTS=slow the slow ones are told,
 * too.
 */
import { toFileUrl } from "@std/path";
import { type ListedTest, testFiles } from "./test_files.ts";

let file: string;

/** Stands in for `Deno.test`, of which it takes every form. */
function tell(
  first: string | Deno.TestDefinition,
  second?: Omit<Deno.TestDefinition, "name" | "fn"> | (() => void),
): void {
  const { name, ignore = false } = typeof first === "object"
    ? first
    : { ...typeof second === "object" && second, name: first };
  const told: ListedTest = { file, name, ignored: ignore };
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(told) + "\n"));
}

const hooks = ["beforeAll", "beforeEach", "afterEach", "afterAll"];
const none = Object.fromEntries(hooks.map((name) => [name, () => {}]));
Object.assign(Deno, { test: Object.assign(tell, none) });

for (file of await testFiles("tests")) {
  await import(toFileUrl(await Deno.realPath(file)).href);
}
// What the files have opened would keep the process alive.
Deno.exit();
