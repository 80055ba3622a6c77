/** Runs tasks as real processes, with just the permissions of deno.json. */
import { resolve } from "@std/path";
import manifest from "../../../deno.json" with { type: "json" };
import {
  parseTaskLine,
  type TaskLine,
} from "../../../lib/package/task_line.ts";
import type { TaskName } from "../../../lib/settings/config.ts";

/** Fields of any event. */
export type Line = Record<string, unknown>;

/** A task that has ended. */
export interface Ended {
  code: number;
  /** The lines of stdout, each parsed as JSON. */
  events: Line[];
  stderr: string;
}

/** Where a task runs, and what it reads. */
export interface RunOptions {
  /** The working directory. */
  cwd: string;
  /** Text for stdin; it is empty if not given. */
  input?: string;
  /** Environment variables beside this process's. */
  env?: Record<string, string>;
}

/** The words that start a task, as deno.json starts it. */
export function taskWords(task: TaskName): string[] {
  const { flags, script } = findLine(task);
  const config = `--config=${resolve("deno.json")}`;
  return [Deno.execPath(), "run", ...flags, config, resolve(script)];
}

/** The one command that runs the task's script, alone or in a chain. */
function findLine(task: TaskName): TaskLine {
  const script = `tasks/${task}.ts`;
  const lines = Object.values(manifest.tasks)
    .map(({ command }) => command.replace(`${script} `, `${script}\n`))
    .map((command) => parseTaskLine(command.split("\n")[0]));
  const line = lines.find((line) => line?.script === script);
  if (line === undefined) throw new Error(`deno.json doesn't run ${script}`);
  return line;
}

/** Starts a task with pipes on stdin, stdout and stderr. */
export function spawnTask(
  task: TaskName,
  args: readonly string[],
  { cwd, env }: RunOptions,
): Deno.ChildProcess {
  const [program, ...words] = taskWords(task);
  return new Deno.Command(program, {
    args: [...words, ...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a task to its end. */
export async function runTask(
  task: TaskName,
  args: readonly string[],
  options: RunOptions,
): Promise<Ended> {
  const child = spawnTask(task, args, options);
  // A task that ends early may not read all of its input.
  const [{ code, stdout, stderr }] = await Promise.all([
    child.output(),
    write(child.stdin, options.input ?? "").catch(() => {}),
  ]);
  const [lines, said] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { code, events: parseLines(lines), stderr: said };
}

async function write(
  stdin: WritableStream<Uint8Array>,
  text: string,
): Promise<void> {
  const writer = stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
}

/** The events of JSON lines; anything else among them is an error. */
export function parseLines(text: string): Line[] {
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

/** The events of a stream as they come. */
export async function* eventsOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Line> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}

/** The events of some kinds, less what depends on the clock. */
export function timeless(
  events: readonly Line[],
  kinds: readonly string[],
): Line[] {
  return events.filter(({ event }) => kinds.includes(String(event)))
    .map(({ ts: _, timing: __, ...facts }) => facts);
}
