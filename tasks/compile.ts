/**
 * Makes a standalone executable of each task, with the task's permissions
 * built in, and tries every one before it is put in its place.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import manifest from "../deno.json" with { type: "json" };
import { UserError } from "../lib/base/errors.ts";
import { compileExecutable } from "../lib/package/executable.ts";
import {
  parseTaskLine,
  type TaskDefinition,
  type TaskLine,
} from "../lib/package/task_line.ts";
import {
  type Config,
  type TaskName,
  taskSchemas,
} from "../lib/settings/config.ts";
import { usage } from "../lib/settings/usage.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";

async function main(
  config: Config<"compile">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  const lines = taskLines();
  const names = chooseTasks(config.tasks, lines);
  start();
  const files: string[] = [];
  for (const name of names) {
    const phase = `compile ${name}`;
    log.progress({ phase, done: 0, total: 1, unit: "steps" });
    files.push(
      await compileExecutable(`premise-${name}`, lines.get(name)!, {
        root: fromFileUrl(new URL("..", import.meta.url)),
        out: config.out,
        usage: usage(name),
        signal,
      }),
    );
    log.progress({ phase, done: 1, total: 1, unit: "steps" });
  }
  return { files };
}

/** The tasks that can stand alone, with their lines in deno.json. */
function taskLines(): Map<TaskName, TaskLine> {
  const tasks: Record<string, TaskDefinition> = manifest.tasks;
  const lines = new Map<TaskName, TaskLine>();
  for (const name of Object.keys(taskSchemas) as TaskName[]) {
    const line = parseTaskLine(tasks[name] ?? "");
    // This task needs Deno and the sources: it cannot stand alone.
    if (line && name !== "compile") lines.set(name, line);
  }
  return lines;
}

function chooseTasks(
  asked: readonly string[] | undefined,
  lines: ReadonlyMap<TaskName, TaskLine>,
): TaskName[] {
  const known = [...lines.keys()];
  if (asked === undefined) return known;
  const unknown = asked.filter((name) => !lines.has(name as TaskName));
  if (unknown.length > 0) {
    throw new UserError(
      `Cannot compile ${unknown.map((name) => `"${name}"`).join(", ")}: ` +
        `expected some of ${known.join(", ")}`,
      { code: "bad-usage" },
    );
  }
  return known.filter((name) => asked.includes(name));
}

if (import.meta.main) await runTask("compile", main);
