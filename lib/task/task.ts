/**
 * The shape that all tasks share: read the command line, work, say how it
 * went, and end with the exit code that tells it.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { isSystemError } from "../base/files/system_error.ts";
import { versions, versionText } from "../base/versions.ts";
import { writeAll } from "../events/event_file.ts";
import { type Log, openLog } from "../events/log.ts";
import { parseCommandLine } from "../settings/cli.ts";
import type { Config, TaskName } from "../settings/config.ts";
import { usage } from "../settings/usage.ts";

/** What a task's main function works with. */
export interface TaskContext {
  log: Log;
  /** Aborted by the first SIGINT or SIGTERM: save, then throw its reason. */
  signal: AbortSignal;
  /** Writes the `start` event; call it once what it names is open. */
  start(device?: string): void;
}

/** The fields of a task's `done` event. */
export interface Summary {
  /** What was written, as paths. */
  files?: string[];
  /** Facts that depend on the clock or the machine. */
  timing?: Record<string, number>;
  /** The task's own facts. */
  [fact: string]: unknown;
}

/** Why a task stopped early: a signal. */
class Stopped extends Error {
  constructor(readonly exitCode: 130 | 143) {
    super(exitCode === 130 ? "interrupted" : "terminated");
  }
}

/** What a task does. */
export type TaskMain<T extends TaskName> = (
  config: Config<T>,
  context: TaskContext,
) => Promise<Summary>;

/** A task that is to be done. */
export interface TaskWork<T extends TaskName> {
  /** Its name. */
  task: T;
  /** Its settings. */
  config: Config<T>;
  /** Gets its events. */
  log: Log;
  /** Stops it. */
  signal: AbortSignal;
}

/**
 * Does a task's work, from its `start` event to its `done` event.
 *
 * @param main Does the work and returns the facts of the `done` event.
 * @param work The task, its settings, its log.
 */
export async function perform<T extends TaskName>(
  main: TaskMain<T>,
  { task, config, log, signal }: TaskWork<T>,
): Promise<void> {
  const begun = performance.now();
  const { files = [], timing = {}, ...facts } = await main(config, {
    log,
    signal,
    start: (device) =>
      log.emit({
        event: "start",
        task,
        config,
        versions: versions(),
        device: device ?? null,
      }),
  });
  const seconds = (performance.now() - begun) / 1000;
  log.emit({
    event: "done",
    task,
    ...facts,
    files,
    timing: { ...timing, seconds },
  });
}

/**
 * Runs a task as this process and exits: 0 done, 1 failed, 2 bad usage or
 * input, 130 or 143 stopped by a signal.
 *
 * @param task The task's name, which chooses its settings.
 * @param main Does the work and returns the facts of the `done` event.
 */
export async function runTask<T extends TaskName>(
  task: T,
  main: TaskMain<T>,
): Promise<never> {
  let log: Log | undefined;
  const stop = new AbortController();
  try {
    const line = parseCommandLine(task, Deno.args);
    if (line.help || line.version) {
      const text = line.help ? usage(task) : versionText(task);
      writeAll(Deno.stdout, new TextEncoder().encode(text + "\n"));
      Deno.exit(0);
    }
    Deno.chdir(line.directory);
    log = openLog(line.log);
    listen(stop);
    await perform(main, { task, ...line, log, signal: stop.signal });
    log.close();
    Deno.exit(0);
  } catch (error) {
    log ??= openLog({ json: Deno.args.includes("--json") });
    Deno.exit(report(error, log));
  }
}

/**
 * Tells why a task ended early.
 *
 * @param error What was thrown.
 * @param log Gets it as an event and a line for people; it is closed then.
 * @return The task's exit code.
 * @throws The error, if it is a defect of this program.
 */
export function report(error: unknown, log: Log): number {
  if (error instanceof Deno.errors.BrokenPipe) return 0; // as `| head` does
  if (error instanceof Stopped) {
    log.say(error.message);
    log.close();
    return error.exitCode;
  }
  const told = isSystemError(error)
    ? new UserError(`Cannot go on: ${error.message}`, {
      code: "system-error",
      exitCode: 1,
      cause: error,
    })
    : error;
  if (!(told instanceof UserError)) {
    log.close();
    throw told;
  }
  const { code, message, hint, facts } = told;
  log.say(`error: ${message}` + (hint ? `\n  hint: ${hint}` : ""));
  log.emit({ event: "error", code, message, hint, ...facts });
  log.close();
  return told.exitCode;
}

/** The first signal asks the task to stop; a second one ends it at once. */
function listen(stop: AbortController): void {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    if (signal === "SIGTERM" && Deno.build.os === "windows") continue; // has none
    Deno.addSignalListener(signal, () => {
      if (stop.signal.aborted) Deno.exit(code);
      stop.abort(new Stopped(code));
    });
  }
}
