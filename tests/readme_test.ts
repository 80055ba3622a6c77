import { assert, assertEquals } from "@std/assert";
import { join, normalize } from "@std/path";
import manifest from "../deno.json" with { type: "json" };

const readme = await Deno.readTextFile("README.md");

/** The lines of the shell's code blocks. */
function commands(): string[] {
  return [...readme.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block]) => block.trim().split("\n"));
}

Deno.test("the first two commands need npx alone", () => {
  const first = commands().filter((line) => line.startsWith("npx "));
  assertEquals(first, [
    "npx -y deno@2.9.5 task demo",
    "npx -y deno@2.9.5 task test",
  ]);
});

Deno.test("the README and the checks name the same Deno", async () => {
  const script = await Deno.readTextFile(".ci/run");
  const workflow = await Deno.readTextFile(".github/workflows/checks.yml");
  const guide = await Deno.readTextFile("CONTRIBUTING.md");
  const named = (readme + script + workflow + guide).match(/deno@[\w.]+/g);
  assertEquals([...new Set(named)], ["deno@2.9.5"]);
});

Deno.test("the README links every page", async () => {
  const links = new Set(
    [...readme.matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link),
  );
  for (const folder of [".", "docs", "bench", "fixtures", "fixtures/golden"]) {
    for await (const { name } of Deno.readDir(folder)) {
      const path = normalize(join(folder, name));
      if (!name.endsWith(".md") || path === "README.md") continue;
      assert(links.has(path), `the README has no link to ${path}`);
    }
  }
  for (const path of ["LICENSE", "docs/config.schema.json", "mod.ts"]) {
    assert(links.has(path), `the README has no link to ${path}`);
  }
});

Deno.test("the README has at most 150 lines", () => {
  assert(readme.trimEnd().split("\n").length <= 150);
});

Deno.test("the README's reasons for its packages are those of deno.json", () => {
  const { imports } = manifest;
  for (const [alias, target] of Object.entries(imports)) {
    if (!alias.startsWith("@std/")) continue;
    assert(target.startsWith("./lib/base/std/"), `${alias} is ${target}`);
  }
  assert(!("@std/archive" in imports));
  for (const name of ["deno-std", "@zip.js/zip.js", "tar-stream"]) {
    assert(readme.includes(`\`${name}\``), `the README lacks ${name}`);
    const aliases = Object.values(imports);
    assert(aliases.some((target) => target.includes(name)), `${name} is gone`);
  }
});

Deno.test("the speeds of the README and of what has been run are the benchmark's", async () => {
  const tried = await Deno.readTextFile("docs/tried.md");
  const [, cores] = /\*\*Speed, on two cores\.\*\*(.*?)^- /ms.exec(tried)!;
  const results = await Deno.readTextFile("bench/RESULTS.md");
  for (const text of [readme, cores]) {
    const ratios = [
      ...text.matchAll(/(\d+\.\d+)\s+times|and (1\.\d+) without/g),
    ]
      .map(([, ratio, other]) => ratio ?? other);
    assert(ratios.length > 1);
    for (const ratio of ratios) {
      assert(results.includes(`**${ratio}x**`), `${ratio} is not among them`);
    }
  }
});
