/**
 * Runs tasks again and again in one process, which spares the start of a
 * process each: a line of JSON on stdin is one run. Its disk can be made to
 * fail at one call.
 */
import { configure } from "@zip.js/zip.js";
import { openLog } from "../../../lib/events/log.ts";
import { parseCommandLine } from "../../../lib/settings/cli.ts";
import type { TaskName } from "../../../lib/settings/config.ts";
import { perform, report, type TaskMain } from "../../../lib/task/task.ts";
import { downloadEntries } from "../../../tasks/download.ts";
import { evaluateRun } from "../../../tasks/eval.ts";
import { finetune } from "../../../tasks/finetune.ts";
import { preprocess } from "../../../tasks/preprocess.ts";
import { type Call, type Fault, live } from "./faulty_disk.ts";

const tasks = {
  download: downloadEntries,
  eval: evaluateRun,
  finetune,
  preprocess,
};

/** One run. */
export interface Order {
  /** The task; `finetune` if not given. */
  task?: keyof typeof tasks;
  /** Of the command line. */
  args: string[];
  /** What goes wrong, if anything. */
  fault?: Fault | undefined;
}

/** How it went. */
export interface Reply {
  event: "reply";
  /** Each call that changes files. */
  calls: Call[];
  /** The exit code; absent if the run was killed. */
  code?: number;
}

async function run<T extends TaskName>(
  task: T,
  main: TaskMain<T>,
  args: string[],
): Promise<number> {
  const { config } = parseCommandLine(task, args);
  // What is said is an event, too.
  const log = { ...await openLog(), say: () => {} };
  let code = 0;
  try {
    const { signal } = new AbortController();
    await perform(main, { task, config, log, signal });
  } catch (error) {
    code = report(error, log);
  }
  await log.close();
  return code;
}

async function obey({ task = "finetune", args, fault }: Order): Promise<Reply> {
  const main = tasks[task] as TaskMain<TaskName>;
  const lived = await live(() => run(task, main, args), fault);
  return { event: "reply", ...lived };
}

if (import.meta.main) {
  // What is killed while it reads an archive never makes room for the next.
  configure({ maxWorkers: 1e4 });
  let rest = "";
  const input = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  for await (const text of input) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const reply = JSON.stringify(await obey(JSON.parse(line))) + "\n";
      Deno.stdout.writeSync(new TextEncoder().encode(reply));
    }
  }
  // What was killed may have left workers behind.
  Deno.exit();
}
