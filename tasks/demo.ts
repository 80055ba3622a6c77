/**
 * `demo`: the last link of the demo's chain; sums the run up in the book's
 * two lines.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../lib/base/errors.ts";
import { readRegularText } from "../lib/base/files/regular.ts";
import { reasonOf } from "../lib/base/files/system_error.ts";
import type { DoneEvent, Event, StartEvent } from "../lib/events/events.ts";
import type { Config } from "../lib/settings/config.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";

async function main(
  { model }: Config<"demo">,
  { log, start }: TaskContext,
): Promise<Summary> {
  const events = await readEvents(model);
  const begun = events.findLast((event): event is StartEvent =>
    event.event === "start"
  );
  const done = events.findLast((event): event is DoneEvent =>
    event.event === "done"
  );
  if (!begun || !done) {
    throw new UserError(`Cannot sum up the run "${model}": it isn't finished`, {
      code: "bad-run",
      hint: "go on with it: deno task finetune --resume",
    });
  }
  start(begun.device ?? undefined);
  const { loss, trainAccuracy, accuracy, timing } = done;
  const fixed = (value: unknown) => Number(value).toFixed(3);
  log.say(
    `loss ${fixed(loss)}, train acc ${fixed(trainAccuracy)}, ` +
      `test acc ${fixed(accuracy)}`,
  );
  log.say(
    `${timing.examplesPerSecond.toFixed(1)} examples/sec on ${begun.device}`,
  );
  log.say(model);
  return { accuracy, loss, trainAccuracy };
}

async function readEvents(run: string): Promise<Event[]> {
  const path = join(run, "events.jsonl");
  try {
    const lines = (await readRegularText(path)).trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line));
  } catch (cause) {
    throw new UserError(
      `Cannot read the run "${run}": ${reasonOf(cause, path)}`,
      { code: "bad-run", hint: "--model names a run directory", cause },
    );
  }
}

if (import.meta.main) await runTask("demo", main);
