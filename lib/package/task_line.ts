/**
 * The command lines of deno.json's tasks, the one place where a task's
 * permissions are written down.
 *
 * @module
 */

/** A task as deno.json has it: its command line, alone or with a description. */
export type TaskDefinition = string | { command?: string };

/** What a line like `deno run --allow-read tasks/eval.ts` says. */
export interface TaskLine {
  /** The flags of `deno run`, as `--allow-read`. */
  flags: string[];
  /** The script, relative to deno.json's folder. */
  script: string;
}

/**
 * Takes the command line of a task apart. A line may hand on the directory
 * that the user stands in, which only `deno task` has to be told.
 *
 * @param task The task as deno.json has it.
 * @return Its flags and script; undefined if it doesn't run a single script
 * with plain flags, as a chain of tasks.
 *
 * @example
 * ```ts
 * import { parseTaskLine } from "./task_line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   parseTaskLine("deno run --no-prompt --allow-read tasks/eval.ts"),
 *   { flags: ["--no-prompt", "--allow-read"], script: "tasks/eval.ts" },
 * );
 * assertEquals(parseTaskLine("deno task eval && deno task report"), undefined);
 * ```
 */
export function parseTaskLine(task: TaskDefinition): TaskLine | undefined {
  const line = typeof task === "string" ? task : task.command ?? "";
  const match =
    /^deno run ((?:-[^\s"'$]+ +)*)([^\s"'$&|;-][^\s"'$&|;]*)(?: --cwd "\$INIT_CWD")?$/
      .exec(line.trim());
  if (!match) return undefined;
  const [, flags, script] = match;
  return { flags: flags.split(/ +/).filter((flag) => flag !== ""), script };
}
