/** Faults in a task that is a process of its own, as deno.json starts it. */
import { resolve, toFileUrl } from "@std/path";
import { taskWords } from "../tasks/run_task.ts";
import type { Fault } from "./faulty_disk.ts";
import type { Order } from "./task_driver.ts";

/** A process that has ended. */
export interface EndedProcess {
  code: number;
  signal: Deno.Signal | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a task as a process, and lets something go wrong in it.
 *
 * @param cwd Its working directory.
 * @param order The task, its flags, and what goes wrong.
 */
export async function runProcess(
  cwd: string,
  { task = "finetune", args, fault }: Order,
): Promise<EndedProcess> {
  const [program, run, ...words] = taskWords(task);
  const preloaded = fault ? await writePreloaded(fault) : undefined;
  const flags = preloaded ? ["--allow-run", `--preload=${preloaded}`] : [];
  const { code, signal, stdout, stderr } = await new Deno.Command(program, {
    args: [run, ...flags, ...words, ...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  if (preloaded) await Deno.remove(preloaded);
  const [lines, said] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { code, signal, stdout: lines, stderr: said };
}

/** A module that spoils the disk before the task's own are read. */
async function writePreloaded(fault: Fault): Promise<string> {
  const disk = toFileUrl(resolve("tests/support/faults/faulty_disk.ts"));
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    path,
    `import { failProcess } from ${JSON.stringify(disk.href)};
failProcess(${JSON.stringify(fault)}, () => Deno.kill(Deno.pid, "SIGKILL"));
`,
  );
  return path;
}
