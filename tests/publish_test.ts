import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import manifest from "../deno.json" with { type: "json" };

const root = fromFileUrl(new URL("..", import.meta.url));
const entries = Object.values(manifest.exports)
  .map((path) => path.replace("./", ""));

let code: number;
let said: string;

Deno.test.beforeAll(async () => {
  const { stderr, ...ended } = await new Deno.Command(Deno.execPath(), {
    // The tests' own command has checked the types before.
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  code = ended.code;
  said = new TextDecoder().decode(stderr);
});

/** The files that would be published, from the project's root. */
function published(): string[] {
  return [...said.matchAll(/^ +(file:\S+) \(/gm)]
    .map(([, url]) => fromFileUrl(url).slice(root.length));
}

Deno.test("deno publish has nothing to complain of", () => {
  assertEquals({ code, said: code === 0 ? "" : said }, { code: 0, said: "" });
  assertEquals(said.match(/^(?:warning|error).*$/gim), null);
});

Deno.test("every entry is published", () => {
  const missing = entries.filter((entry) => !published().includes(entry));
  assertEquals(missing, []);
});

Deno.test("only the library is published, with what tells about it", () => {
  const others = published().filter((path) => !path.startsWith("lib/"));
  const known = ["CHANGELOG.md", "LICENSE", "README.md", "deno.json", "mod.ts"];
  assertEquals(others.filter((path) => !known.includes(path)), []);
});

Deno.test("the package is no larger than JSR takes", async () => {
  const files = published().map((path) => Deno.stat(root + path));
  const bytes = (await Promise.all(files))
    .reduce((sum, { size }) => sum + size, 0);
  assert(bytes < 20 * 2 ** 20, `it has ${bytes} bytes`);
});

Deno.test("the documentation of every entry is checked", () => {
  const checked = manifest.tasks["lint:docs"].command.split(" ")
    .filter((word) => word.endsWith(".ts"));
  assertEquals(checked, entries);
});
