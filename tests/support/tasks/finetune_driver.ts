/**
 * Runs `finetune` again and again in one process, which spares the start of a
 * process each: a line of JSON on stdin is one run. Its file system can be made
 * to fail at one operation and all later ones, as if the process had died.
 */
import { openLog } from "../../../lib/events/log.ts";
import { parseCommandLine } from "../../../lib/settings/cli.ts";
import { finetune } from "../../../tasks/finetune.ts";
import { FaultyDisk } from "./faulty_disk.ts";

/** One run. */
export interface Order {
  /** Of the command line. */
  args: string[];
  /** At which operation the disk fails; never if not given. */
  fault?: { at: number; when: "before" | "after" } | undefined;
}

/** How it went. */
export interface Reply {
  event: "reply";
  /** Each operation of the disk, in words. */
  operations: string[];
  /** Whether the run came to its end. */
  ended: boolean;
}

const disk = new FaultyDisk();

async function obey({ args, fault }: Order): Promise<Reply> {
  const { config } = parseCommandLine("finetune", args);
  const log = await openLog();
  let ended = false;
  disk.begin(fault);
  try {
    const summary = await finetune(config, {
      log,
      signal: new AbortController().signal,
      start: () => {},
    });
    const { files = [], timing = {}, ...facts } = summary;
    log.emit({ event: "done", task: "finetune", ...facts, files, timing });
    ended = true;
  } catch (error) {
    if (!disk.dead) throw error;
  }
  await log.close();
  return { event: "reply", operations: disk.end(), ended };
}

if (import.meta.main) {
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
}
