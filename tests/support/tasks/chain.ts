/**
 * Runs the chains of deno.json link by link: each link is the process that
 * the chain starts, with its permissions, in a folder of the test's, with
 * flags added that make it short. Of a flag given twice the last one counts.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import manifest from "../../../deno.json" with { type: "json" };
import { parseTaskLine } from "../../../lib/package/task_line.ts";

const root = fromFileUrl(new URL("../../..", import.meta.url));

/** Any line of a task's standard output. */
export type Line = Record<string, unknown> & { event: string };

/** One process of a chain. */
export interface Link {
  /** The task's name, as `finetune`. */
  task: string;
  /** Permissions and other flags of `deno run`. */
  flags: string[];
  /** What the chain gives the task. */
  args: string[];
  /** The file that is piped into it. */
  input?: string;
}

/** What a link wrote. */
export interface LinkOutput {
  code: number;
  lines: Line[];
  stderr: string;
}

type ChainName = "demo" | "reproduce" | "reproduce:base";

/** The links of a chain, in order. */
export function readChain(name: ChainName): Link[] {
  const [last] = /\S+$/.exec(manifest.tasks[name].command)!;
  return linksUpTo(last);
}

function linksUpTo(name: string): Link[] {
  const tasks: Record<string, LinkDefinition> = manifest.tasks;
  const { command, dependencies = [] } = tasks[name];
  return [...dependencies.flatMap(linksUpTo), parseLink(command)];
}

interface LinkDefinition {
  command: string;
  dependencies?: string[];
}

function parseLink(text: string): Link {
  const [, command, input] = /^(.*?)(?: < (\S+))?$/.exec(text)!;
  const start = /^deno (?:task -q \w+|run (?:-\S+ )*\S+ --cwd "\$INIT_CWD")/
    .exec(command)![0];
  const name = /^deno task -q (\w+)$/.exec(start)?.[1] as
    | keyof typeof manifest.tasks
    | undefined;
  const { flags, script } = parseTaskLine(name ? manifest.tasks[name] : start)!;
  return {
    task: /^tasks\/(\w+)\.ts$/.exec(script)![1],
    flags,
    args: command.slice(start.length).trim().split(" "),
    ...(input && { input }),
  };
}

/** Runs one link, with more flags, in a folder. */
export async function runLink(
  { task, flags, args, input }: Link,
  options: { folder: string; add?: string[] },
): Promise<LinkOutput> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--config", join(root, "deno.json"), ...flags],
      ...[join(root, `tasks/${task}.ts`), ...args, ...options.add ?? []],
    ],
    cwd: options.folder,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  if (input) await writer.write(await Deno.readFile(join(root, input)));
  await writer.close();
  const { code, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  return {
    code,
    lines: decoder.decode(stdout).trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    ),
    stderr: decoder.decode(stderr),
  };
}

/**
 * Runs a chain to its end in a folder.
 *
 * @param name The chain.
 * @param options The folder, and flags to add by task.
 * @return What each task wrote.
 */
export async function runChain(
  name: ChainName,
  options: { folder: string; add: Record<string, string[]> },
): Promise<Map<string, LinkOutput>> {
  const outputs = new Map<string, LinkOutput>();
  for (const link of readChain(name)) {
    const add = options.add[link.task] ?? [];
    const output = await runLink(link, { folder: options.folder, add });
    assertEquals(output.code, 0, `${link.task}: ${output.stderr}`);
    outputs.set(link.task, output);
  }
  return outputs;
}
