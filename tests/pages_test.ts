import { assert, assertEquals } from "@std/assert";
import { dirname, join, normalize } from "@std/path";
import manifest from "../deno.json" with { type: "json" };
import { parseTaskLine } from "../lib/package/task_line.ts";
import { parseCommandLine } from "../lib/settings/cli.ts";
import { type TaskName, taskSchemas } from "../lib/settings/config.ts";
import { commonFields } from "../lib/settings/fields/common.ts";
import { flagName } from "../lib/settings/schema.ts";
import { sectionsOf } from "./support/pages/page.ts";
import { sourcesIn } from "./support/pages/sources.ts";

/** The pages that a person reads, by their paths, with their text. */
const pages = new Map<string, string>();
for (const folder of [".", "docs", "bench", "fixtures", "fixtures/golden"]) {
  for await (const { name } of Deno.readDir(folder)) {
    const path = normalize(join(folder, name));
    if (name.endsWith(".md")) pages.set(path, await Deno.readTextFile(path));
  }
}

/** A page without its blocks of code, whose signs mean other things. */
function proseOf(page: string): string {
  return page.replaceAll(/^```.*?^```$/gms, "");
}

/** A heading's anchor, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-");
}

function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    anchorOf(heading)
  );
}

/** Flags of programs that are not ours, which pages speak of too. */
const FOREIGN_FLAGS = [
  ...["--allow-ffi", "--allow-sys", "--doc", "--peers", "--pairs"],
  ...["--cases", "--reader", "--seconds", "--inputs", "--part"],
];

const flags = new Set([
  ...Object.values(taskSchemas).flatMap(({ shape }) =>
    Object.keys(shape).map((field) => `--${flagName(field)}`)
  ),
  ...Object.keys(commonFields).map((field) => `--${flagName(field)}`),
  ...FOREIGN_FLAGS,
]);

/** What a path in a page may begin with. */
const ROOTS = "lib|tasks|tests|docs|bench|fixtures|\\.ci|\\.github";

for (const [path, page] of pages) {
  const prose = proseOf(page);

  Deno.test(`the links of ${path} lead somewhere`, async () => {
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to);
    for (const link of links.filter((link) => !/^\w+:/.test(link))) {
      const [file, anchor] = link.split("#");
      const target = file === "" ? path : normalize(join(dirname(path), file));
      await Deno.stat(target);
      if (anchor === undefined) continue;
      const there = anchorsOf(pages.get(target)!);
      assert(there.includes(anchor), `${link} is none of ${there.join(", ")}`);
    }
  });

  Deno.test(`the paths that ${path} names exist`, async () => {
    const named = prose.matchAll(
      new RegExp(`\`((?:${ROOTS})/[\\w./-]+)\``, "g"),
    );
    for (const [, name] of named) {
      // NAME and TASK stand for any.
      if (!/NAME|TASK/.test(name)) await Deno.stat(name);
    }
  });

  // What has been taken out since is told there too.
  if (path === "CHANGELOG.md") continue;

  Deno.test(`the flags that ${path} names exist`, () => {
    // Deno has flags of its own.
    const named = [...prose.matchAll(/`(?!deno (?!task)|--allow-)[^`\n]*`/g)]
      .flatMap(([code]) => code.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? []);
    assertEquals([...new Set(named)].filter((flag) => !flags.has(flag)), []);
  });
}

/** The commands of a page's blocks for the shell that start a task. */
function commandsOf(page: string): string[] {
  return [...page.matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block]) => block.trim().split("\n"))
    .filter((line) => /\bdeno(@[\w.]+)? task /.test(line));
}

/** The words of a command, without the quotes around them. */
function words(command: string): string[] {
  return command.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ""));
}

for (const [path, page] of pages) {
  for (const command of commandsOf(page)) {
    Deno.test(`${path} has a command that runs: ${command}`, async () => {
      const [, task, args] = /\btask (\S+) ?(.*)$/.exec(command)!;
      assert(task in manifest.tasks, `deno.json has no task "${task}"`);
      if (args === "") return;
      assert(task in taskSchemas, `"${task}" takes no flags`);
      const file = await Deno.makeTempFile();
      try {
        await Deno.writeTextFile(
          file,
          /^```json\n(.*?)^```/ms.exec(page)?.[1] ?? "",
        );
        // The file that a page shows is the one that its commands name.
        const given = words(args).map((word, i, all) =>
          all[i - 1] === "--config" ? file : word
        );
        parseCommandLine(task as TaskName, given);
      } finally {
        await Deno.remove(file);
      }
    });
  }
}

/** What a flag of `deno run` lets a task touch, in SECURITY.md's words. */
const TOUCHES: Record<string, string> = {
  "--allow-read": "reads",
  "--allow-write": "writes",
  "--allow-net": "the network",
  "--allow-ffi": "native libraries",
  "--allow-run": "runs Deno",
  "--allow-env": "the environment",
  "--allow-sys=statfs": "--allow-sys=statfs",
};

Deno.test("SECURITY.md has what each task may touch, as deno.json has it", async () => {
  const page = await Deno.readTextFile("SECURITY.md");
  const rows = page.split("## What each task may touch")[1].split("\n")
    .filter((line) => line.startsWith("| `"));
  const told = rows.flatMap((row) => {
    const [, tasks] = row.split("|");
    const touched = Object.values(TOUCHES).filter((word) => row.includes(word));
    const variables = row.match(/`[A-Z_]{4,}`/g) ?? [];
    return tasks.match(/\w+/g)!.map((task) =>
      [task, [...touched, ...variables].sort()] as const
    );
  });
  const names = new Set(told.map(([task]) => task));
  const given = [...names].map((task) => {
    const line = manifest.tasks[task as keyof typeof manifest.tasks];
    const { flags } = parseTaskLine(line)!;
    const touched = flags.filter((flag) => flag.startsWith("--allow-"))
      .flatMap((flag) =>
        flag.startsWith("--allow-env=")
          ? flag.slice("--allow-env=".length).split(",").map((n) => `\`${n}\``)
          : TOUCHES[flag]
      );
    return [task, touched.sort()] as const;
  });
  assertEquals(told, given);
  const scripts = Object.entries(manifest.tasks)
    .filter(([, line]) => parseTaskLine(line)?.script.startsWith("tasks/"))
    .map(([task]) => task);
  assertEquals([...names].sort(), scripts.sort());
});

const architecture = pages.get("docs/architecture.md")!;

/** The map of the house: paths, and what is there. */
const map = /## The house\n+```\n(.*?)```/s.exec(architecture)![1];

Deno.test("the map of the house shows what is there", async () => {
  for (const line of map.trim().split("\n")) {
    await Deno.stat(line.split(" ")[0]);
  }
});

Deno.test("the map of the house has every folder of lib", async () => {
  for await (const { name, isDirectory } of Deno.readDir("lib")) {
    if (!isDirectory) continue;
    assert(map.includes(`lib/${name}/`), `lib/${name}/ is not in the map`);
  }
});

Deno.test("the picture of the architecture names folders and tasks that are there", async () => {
  const picture = await Deno.readTextFile("docs/pictures/architecture.svg");
  for (const [path] of picture.matchAll(/lib\/[\w./]+/g)) await Deno.stat(path);
  const tasks = [...picture.matchAll(/class="task"[^>]*>(\w+)</g)]
    .map(([, task]) => task);
  assertEquals(
    tasks.toSorted(),
    Object.keys(taskSchemas).filter((task) => task !== "demo").sort(),
  );
});

Deno.test("the code says what the glossary says that it says", async () => {
  const glossary = sectionsOf(architecture).get("Words")!;
  const claims = [...glossary.matchAll(/in the code (.*?) *\|/g)]
    .flatMap(([, words]) => words.match(/(?<=`)\w+(?=`)/g) ?? []);
  assert(claims.length > 0);
  const sources = await Array.fromAsync(sourcesIn("lib"));
  for (const word of claims) {
    const pattern = new RegExp(`\\b${word}\\b`, "i");
    assert(
      sources.some(([, text]) => pattern.test(text)),
      `lib/ has no ${word}`,
    );
  }
});

Deno.test("CONTRIBUTING.md names what the code calls so", async () => {
  const page = pages.get("CONTRIBUTING.md")!;
  const names = new Set(
    [...proseOf(page).matchAll(/`([A-Za-z]\w*[A-Z_]\w*|[A-Z]{3,})`/g)]
      .map(([, name]) => name)
      .filter((name) =>
        !/NAME|TASK|^v?VERSION$|^CHANGELOG$|^LICENSE$/.test(name)
      ),
  );
  assert(names.size > 10);
  const sources = await Array.fromAsync(sourcesIn("lib"));
  sources.push(...await Array.fromAsync(sourcesIn("tests/support")));
  for (const name of names) {
    const pattern = new RegExp(`\\b${name}\\b`);
    assert(
      sources.some(([, text]) => pattern.test(text)),
      `there is no ${name}`,
    );
  }
});

Deno.test("the examples of CONTRIBUTING.md's style are of its size", async () => {
  const style = sectionsOf(pages.get("CONTRIBUTING.md")!).get("Style")!;
  const examples = [...style.matchAll(/^\d+\. [^]*?\]\(([^)]+)\)/gm)]
    .map(([, path]) => path);
  assertEquals(examples.length, 10);
  for (const path of examples) {
    const lines = (await Deno.readTextFile(path)).split("\n").length;
    assert(lines <= 210, `${path} has ${lines} lines`);
  }
});
