import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Progress } from "../../../lib/base/progress.ts";
import type { Event, WarningEvent } from "../../../lib/events/events.ts";
import type { Log } from "../../../lib/events/log.ts";
import { quietLog } from "../../../lib/events/quiet_log.ts";

const WARNING: WarningEvent = {
  event: "warning",
  code: "x",
  message: "y",
  hint: "",
};

/** The quiet log of a run, in a folder, and what reaches the task's log. */
async function withLog(
  test: (log: Log, told: unknown[], file: string) => Promise<void>,
): Promise<void> {
  const told: unknown[] = [];
  const outer: Log = {
    emit: (event: Event) => told.push(event),
    progress: (report: Progress) => told.push(report.phase),
    record: () => () => 0,
    say: (line) => told.push(line),
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const folder = await Deno.makeTempDir();
  const log = quietLog(outer, "2/8 lr=1");
  try {
    await test(log, told, join(folder, "events.jsonl"));
  } finally {
    await log.close();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a quiet log's events go to its record, and nowhere else", () =>
  withLog(async (log, told, file) => {
    const bytes = log.record(file);
    log.emit(WARNING);
    const [{ ts, ...event }] = (await Deno.readTextFile(file)).trim()
      .split("\n").map((line) => JSON.parse(line));
    assertEquals(event, WARNING as unknown);
    assertEquals(new Date(ts).toISOString(), ts);
    assertEquals(bytes(), (await Deno.stat(file)).size);
    assertEquals(told, []);
  }));

Deno.test("a quiet log's record is cut back to where it goes on", () =>
  withLog(async (log, _, file) => {
    await Deno.writeTextFile(file, "kept\ncut\n");
    log.record(file, 5);
    log.emit(WARNING);
    const [first, second] = (await Deno.readTextFile(file)).split("\n");
    assertEquals([first, JSON.parse(second).event], ["kept", "warning"]);
  }));

Deno.test("a quiet log's progress is told under its name", () =>
  withLog((log, told) => {
    log.progress({ phase: "epoch 1/2", done: 1, total: 3, unit: "steps" });
    log.say("watch out");
    assertEquals(told, ["2/8 lr=1 epoch 1/2", "watch out"]);
    return Promise.resolve();
  }));
