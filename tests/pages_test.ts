import { assertEquals } from "@std/assert";
import manifest from "../deno.json" with { type: "json" };
import { parseTaskLine } from "../lib/package/task_line.ts";

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
    const variables = row.match(/`[A-Z_]{6,}`/g) ?? [];
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
