/**
 * The shape that all tasks share: read the command line, work, say how it
 * went, and end with the exit code that tells it.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import {
  forbiddenPath,
  isDiskFull,
  isSystemError,
  reasonOf,
} from "../base/files/system_error.ts";
import { publicAddress } from "../base/public_address.ts";
import { unlessAborted } from "../base/unless_aborted.ts";
import { versions, versionText } from "../base/versions.ts";
import { type Log, openLog, printText, Unread } from "../events/log.ts";
import { parseCommandLine } from "../settings/cli.ts";
import type { Config, TaskName } from "../settings/config.ts";
import { usage } from "../settings/usage.ts";
import { listenForStop, Stopped } from "./stop.ts";

/** What a task's main function works with. */
export interface TaskContext {
  log: Log;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP: save, then throw its reason. */
  signal: AbortSignal;
  /**
   * Writes the `start` event; call it once what it names is open. It throws
   * the signal's reason if the task was stopped by then.
   */
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
    start(device) {
      signal.throwIfAborted();
      log.emit({
        event: "start",
        task,
        config: withoutSecrets(config),
        versions: versions(),
        device: device ?? null,
      });
    },
  });
  // A task whose results got lost is not done.
  await log.flush(signal);
  const seconds = (performance.now() - begun) / 1000;
  log.emit({
    event: "done",
    task,
    ...facts,
    files,
    timing: { ...timing, seconds },
  });
}

/** Settings as they may be told: an address may have a password. */
function withoutSecrets(
  config: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      typeof value === "string" ? publicAddress(value) : value,
    ]),
  );
}

/** How long others may take to read what a stopped task has told, in ms. */
const LAST_WORDS = 1000;

/**
 * Runs a task as this process and exits: 0 done, 1 failed, 2 bad usage or
 * input, 129, 130 or 143 stopped by a signal.
 *
 * @param task The task's name, which chooses its settings.
 * @param main Does the work and returns the facts of the `done` event.
 */
export async function runTask<T extends TaskName>(
  task: T,
  main: TaskMain<T>,
): Promise<never> {
  const signal = listenForStop();
  let log: Log | undefined;
  let code = 0;
  try {
    const line = parseCommandLine(task, Deno.args);
    if (line.help || line.version) {
      const text = line.help ? usage(task) : versionText(task);
      await unlessAborted(printText(text), signal);
      Deno.exit(0);
    }
    Deno.chdir(line.directory);
    log = await unlessAborted(openLog(line.log), signal);
    await perform(main, { task, ...line, log, signal });
    // A signal is late now: it only ends the waiting for those who read.
    await Promise.race([log.flush(), afterStop(signal)]);
  } catch (error) {
    log ??= await openLog({ json: Deno.args.includes("--json") });
    code = report(
      isAbort(error) && signal.aborted ? signal.reason : error,
      log,
    );
  }
  const isTold = await Promise.race([
    log.close().then(() => true),
    afterStop(signal).then(() => false),
  ]);
  Deno.exit(isTold || code !== 0 ? code : signal.reason.exitCode);
}

/** Waits for a signal, and then some time for those who read. */
async function afterStop(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  }
  await new Promise((resolve) => setTimeout(resolve, LAST_WORDS));
}

/** Whether an error is what a platform's own function throws when stopped. */
function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * Tells why a task ended early.
 *
 * @param error What was thrown.
 * @param log Gets it as an event and a line for people.
 * @return The task's exit code.
 */
export function report(error: unknown, log: Log): number {
  if (error instanceof Unread) return 0; // as `| head` does
  if (error instanceof Stopped) {
    const { message, saved } = error;
    log.say(
      saved ? `${message}: ${saved.what}\n  hint: ${saved.hint}` : message,
    );
    return error.exitCode;
  }
  const { code, message, hint, facts, exitCode, cause } = asUserError(error);
  const isDefect = code === "program-defect";
  log.say(
    isDefect
      ? `error: ${Deno.inspect(cause)}`
      : `error: ${message}` + (hint ? `\n  hint: ${hint}` : ""),
  );
  log.emit({ event: "error", code, message, hint, ...facts });
  return exitCode;
}

function asUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  const forbidden = forbiddenPath(error);
  if (forbidden !== null) {
    return new UserError(`Cannot use "${forbidden}": ${reasonOf(error)}`, {
      code: "system-error",
      hint: "name another place",
      exitCode: 1,
      cause: error,
    });
  }
  if (isSystemError(error)) {
    const options = isDiskFull(error)
      ? { code: "disk-full", hint: "free some space" }
      : { code: "system-error" };
    return new UserError(`Cannot go on: ${error.message}`, {
      ...options,
      exitCode: 1,
      cause: error,
    });
  }
  return new UserError(`This program has a defect: ${error}`, {
    code: "program-defect",
    hint: "report it with the lines on standard error",
    exitCode: 1,
    cause: error,
  });
}
