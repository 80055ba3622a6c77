import { assert, assertEquals } from "@std/assert";
import manifest from "../deno.json" with { type: "json" };
import { parseCommandLine } from "../lib/cli.ts";
import { type TaskName, taskSchemas } from "../lib/config.ts";

const readme = await Deno.readTextFile("README.md");

/** The lines of the shell's code blocks. */
function commands(): string[] {
  return [...readme.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block]) => block.trim().split("\n"));
}

/** The words of a command, without the quotes around them. */
function words(command: string): string[] {
  return command.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ""));
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

for (const command of commands()) {
  Deno.test(`the README's command is one that runs: ${command}`, () => {
    const [, task, args] = /\btask (\S+) ?(.*)$/.exec(command)!;
    assert(task in manifest.tasks, `deno.json has no task "${task}"`);
    if (args === "") return;
    assert(task in taskSchemas, `the chain "${task}" takes no flags`);
    parseCommandLine(task as TaskName, words(args));
  });
}

Deno.test("the README's links to files lead somewhere", async () => {
  const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link)
    .filter((link) => !link.startsWith("http"));
  assert(links.length > 0);
  for (const link of links) await Deno.stat(link);
});

Deno.test("the README's map of the house shows what is there", async () => {
  const map = /## The house\n+```\n(.*?)```/s.exec(readme)![1];
  for (const line of map.trim().split("\n")) {
    await Deno.stat(line.split(" ")[0]);
  }
});

Deno.test("the README's map has every folder of lib but the wrappers", async () => {
  for await (const { name, isDirectory } of Deno.readDir("lib")) {
    if (!isDirectory || name === "std") continue;
    assert(readme.includes(`lib/${name}/`), `lib/${name}/ is not in the map`);
  }
});
