/**
 * How a signal stops a task: the first asks it to save and to end, a second
 * ends it as it is.
 *
 * @module
 */
import { isIgnored } from "./ignored_signal.ts";

/** Why a task ended early: a signal. */
export class Stopped extends Error {
  /** What was saved and how to go on, if anything was. */
  saved: { what: string; hint: string } | undefined;

  /**
   * Tells which signal it was.
   *
   * @param message What happened, in a word.
   * @param exitCode 128 and the signal's number, as shells have it.
   */
  constructor(message: string, readonly exitCode: number) {
    super(message);
  }
}

/** The signals, what they do to a task, and its exit code. */
const SIGNALS = [
  ["SIGINT", "interrupted", 130],
  ["SIGTERM", "terminated", 143],
  ["SIGHUP", "hung up", 129],
] as const;

/**
 * Time in which signals are one, in ms: what a terminal sends to all of its
 * processes, `deno task` hands on to its own once more.
 */
const SAME = 250;

/**
 * Begins to listen for signals.
 *
 * @return Aborted by the first one, with a {@link Stopped} as its reason.
 */
export function listenForStop(): AbortSignal {
  const stop = new AbortController();
  let first = 0;
  const isWindows = Deno.build.os === "windows";
  const outlivesTerminal = !isWindows && isIgnored("SIGHUP");
  for (const [signal, word, code] of SIGNALS) {
    // Windows has no others.
    if (signal !== "SIGINT" && isWindows) continue;
    if (signal === "SIGHUP" && outlivesTerminal) {
      // As `nohup` has it; without a listener the runtime would end all.
      Deno.addSignalListener(signal, () => {});
      continue;
    }
    Deno.addSignalListener(signal, () => {
      if (stop.signal.aborted) {
        if (performance.now() - first > SAME) Deno.exit(code);
        return;
      }
      first = performance.now();
      stop.abort(new Stopped(word, code));
    });
  }
  return stop.signal;
}

/**
 * Says what a task that a signal has stopped has saved; without a signal it
 * does nothing.
 *
 * @param signal The task's.
 * @param saved What there is, and how to go on with it.
 */
export function tellSaved(
  signal: AbortSignal,
  saved: { what: string; hint: string },
): void {
  if (signal.reason instanceof Stopped) signal.reason.saved = saved;
}
