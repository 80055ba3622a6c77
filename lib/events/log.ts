/**
 * Where events go: JSON lines on stdout, or prose when a person is watching;
 * a progress bar on stderr when that is a terminal; a file when asked.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import type { OnProgress, Progress } from "../base/progress.ts";
import { Bar } from "./bar.ts";
import { EventFile, lineOf, writeAll } from "./event_file.ts";
import type { Event } from "./events.ts";
import { describeEvent } from "./prose.ts";

/** Receives a task's events. */
export interface Log {
  /** Writes one event. */
  emit(event: Event): void;
  /** Shows how far the work is: the bar, and now and then an event. */
  readonly progress: OnProgress;
  /**
   * Writes all events but `progress` to one more file from now on.
   *
   * @param path The file; what follows its first `keep` bytes is cut off.
   * @param keep Bytes to keep; all of it goes if not given.
   * @return Gives the file's length so far, in bytes, all of them on disk.
   */
  record(path: string, keep?: number): () => number;
  /** Writes one line for people, on stderr, whatever stdout is. */
  say(line: string): void;
  /** Clears the bar and closes the file. */
  close(): void;
}

/** How a log is opened. */
export interface LogOptions {
  /** JSON lines even on a terminal. */
  json?: boolean;
  /** Appends every event to this file too. */
  file?: string;
}

/** Events that a task is run for: without a reader there is nothing to do. */
const RESULTS: ReadonlySet<string> = new Set(["prediction", "entry"]);

/** Least time between two `progress` events of one phase, in ms. */
const PROGRESS_INTERVAL = 2000;

/**
 * Opens the log of this process.
 *
 * @param options Whether to force JSON, and a file to write to as well.
 * @throws {UserError} If the file cannot be written to.
 */
export function openLog(options: LogOptions = {}): Log {
  const encoder = new TextEncoder();
  const terminal = Deno.stdout.isTerminal();
  const prose = terminal && !options.json;
  const file = options.file === undefined
    ? undefined
    : openToAppend(options.file);
  const bar = Deno.stderr.isTerminal() ? new Bar() : undefined;
  let unread = false;
  let record: EventFile | undefined;
  let phase = "";
  let phaseStart = 0;
  let lastTold = 0;

  function emit(event: Event): void {
    const line = lineOf(event);
    if (file) writeAll(file, line);
    if (event.event !== "progress") record?.write(line);
    const text = prose ? describeEvent(event) : undefined;
    if (text === "") return;
    if (terminal) bar?.clear();
    tell(event.event, text === undefined ? line : encoder.encode(text + "\n"));
  }

  /**
   * Writes to stdout. Once its reader has gone, as `head` does, what is a
   * report on the work is told there no more, and the work goes on.
   */
  function tell(kind: string, bytes: Uint8Array): void {
    if (unread && !RESULTS.has(kind)) return;
    try {
      writeAll(Deno.stdout, bytes);
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      if (RESULTS.has(kind)) throw error;
      unread = true;
    }
  }

  function progress(report: Progress): void {
    bar?.show(report);
    const now = performance.now();
    if (report.phase !== phase) {
      phase = report.phase;
      phaseStart = lastTold = now;
    }
    const ended = report.done === report.total;
    if (!ended && now - lastTold < PROGRESS_INTERVAL) return;
    lastTold = now;
    emit({
      event: "progress",
      phase: report.phase,
      done: report.done,
      total: report.total,
      unit: report.unit,
      timing: { seconds: (now - phaseStart) / 1000 },
    });
    if (ended) bar?.clear();
  }

  return {
    emit,
    progress,
    record(path, keep) {
      record?.close();
      const opened = record = new EventFile(path, keep);
      return () => opened.sync();
    },
    say(line) {
      bar?.clear();
      writeAll(Deno.stderr, encoder.encode(line + "\n"));
    },
    close() {
      bar?.clear();
      file?.close();
      record?.close();
    },
  };
}

function openToAppend(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { append: true, create: true });
  } catch (cause) {
    throw new UserError(
      `Cannot write the log "${path}": ${(cause as Error).message}`,
      { code: "cannot-write", hint: "--log FILE names another file", cause },
    );
  }
}
