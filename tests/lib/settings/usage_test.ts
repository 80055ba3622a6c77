import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { parseCommandLine } from "../../../lib/settings/cli.ts";
import { type TaskName, taskSchemas } from "../../../lib/settings/config.ts";
import { commonFields } from "../../../lib/settings/fields/common.ts";
import { flagName, kindOf } from "../../../lib/settings/schema.ts";
import { usage } from "../../../lib/settings/usage.ts";

const tasks = Object.keys(taskSchemas) as TaskName[];

/** The sections of a usage text by their headings; the first has none. */
function sections(task: TaskName): Map<string, string> {
  return new Map(
    usage(task).split("\n\n").map((section) => {
      const [, heading, body] = /^([^\n]+):\n([^]+)$/.exec(section) ??
        ["", "", section];
      return [heading, body];
    }),
  );
}

/** The flags, and fields of a config file, that a text explains. */
function explained(text: string): string[] {
  return [...text.matchAll(/^ {2}(--[a-z-]+|"\w+":)/gm)].map(([, name]) =>
    name
  );
}

/** The words that a shell makes of a command line. */
function shellWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)]
    .map(([, quoted, plain]) => quoted ?? plain);
}

for (const task of tasks) {
  Deno.test(`no line of the usage text of ${task} is longer than 80 columns`, () => {
    const long = usage(task).split("\n").filter(({ length }) => length > 80);
    assertEquals(long, []);
  });

  Deno.test(`the usage text of ${task} explains every setting in one group`, () => {
    const fields = { ...taskSchemas[task].shape, ...commonFields };
    const names = Object.entries(fields).map(([name, field]) =>
      kindOf(field) === "object" ? `"${name}":` : `--${flagName(name)}`
    );
    const parts = [...sections(task)]
      .filter(([heading]) => !["", "Examples"].includes(heading));
    assertEquals(
      parts.flatMap(([, body]) => explained(body)).sort(),
      names.sort(),
    );
  });

  Deno.test(`the examples of ${task} are command lines that it takes`, async () => {
    const directory = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(
        join(directory, "sweep.json"),
        '{"ranges": {"lr": {"min": 1e-5, "max": 1e-3}}, "trials": 2}',
      );
      const lines = sections(task).get("Examples")!.replaceAll(/ \\\n +/g, " ")
        .split("\n").map((line) => line.trim());
      assert(lines.length > 0);
      for (const line of lines) {
        const [program, , ...words] = shellWords(line.replace(/ <.*/, ""));
        assertEquals(program, "deno");
        // `deno task NAME`, or `deno run --allow-read SCRIPT` with its flags.
        const args = words.slice(task === "demo" ? 2 : 1);
        const { help } = parseCommandLine(task, ["--cwd", directory, ...args]);
        assertEquals(help, false);
      }
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}

/** What a usage text says of a flag, on one line. */
function textOf(task: TaskName, flag: string): string {
  const [, text] = new RegExp(`^  --${flag} (.*(\n {4,}.*)*)`, "m")
    .exec(usage(task))!;
  return text.replaceAll(/\s+/g, " ");
}

for (
  const [task, flag, told] of [
    ["finetune", "optimizer", "one of adam, adam-mxnet, adamw, sgd"],
    ["finetune", "optimizer", "default: adam"],
    ["finetune", "fallback", "cpu where to go on"],
    ["finetune", "best-by", "default: accuracy"],
    ["predict", "batch-size", "default: 64"],
    ["preprocess", "data", "default: snli"],
  ] as const
) {
  Deno.test(`the usage text of ${task} says "${told}" of --${flag}`, () => {
    assertStringIncludes(textOf(task, flag), told);
  });
}

Deno.test("a usage text has the exit codes of the guide", async () => {
  const guide = await Deno.readTextFile("docs/guide.md");
  const [, table] = /^## Exit codes\n([^#]+)/m.exec(guide)!;
  const rows = [...table.matchAll(/^\| (\d[\d, ]*?) +\| (.*?) +\|$/gm)]
    .map(([, codes, meaning]) => [codes, meaning]);
  assert(rows.length > 3);
  assertEquals(
    sections("eval").get("Exit codes")!.split("\n")
      .map((line) => line.trim().split(/ {2,}/)),
    rows,
  );
});
