/**
 * Where events go: JSON lines on stdout, or prose when a person is watching;
 * a progress bar on stderr when that is a terminal; a file when asked.
 *
 * Each of these may fail by itself, as a full disk or a reader that has gone:
 * the others still get everything, and are told.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { reasonOf, writeCode } from "../base/files/system_error.ts";
import type { OnProgress, Progress } from "../base/progress.ts";
import { unlessAborted } from "../base/unless_aborted.ts";
import { visibleLines, visibleValue } from "../base/visible.ts";
import { Bar } from "./bar.ts";
import { EventFile, lineOf } from "./event_file.ts";
import type { Event } from "./events.ts";
import { describeEvent } from "./prose.ts";
import { Lane, Sink } from "./sink.ts";

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
  /**
   * Waits until all that was told is written, or lost: if there are results as
   * long as it takes, else a moment.
   *
   * @param signal Ends the waiting: whoever reads may have fallen asleep.
   * @throws {Unread} If nobody reads the results any more.
   * @throws {UserError} If results could not be written.
   */
  flush(signal?: AbortSignal): Promise<void>;
  /** Clears the bar, waits until all is written or lost, closes the files. */
  close(): Promise<void>;
}

/** How a log is opened. */
export interface LogOptions {
  /** JSON lines even on a terminal. */
  json?: boolean;
  /** Appends every event to this file too. */
  file?: string;
}

/** Nobody reads the results any more, as behind `| head`: there is no error. */
export class Unread extends Error {}

/** Events that a task is run for: without a reader there is nothing to do. */
const STREAMED: ReadonlySet<string> = new Set(["prediction", "entry"]);

/** Events that are results where no file has them. */
const RESULTS: ReadonlySet<string> = new Set([
  ...STREAMED,
  ...["metrics", "comparison", "hardest", "check", "plan"],
]);

/** Least time between two `progress` events of one phase, in ms. */
const PROGRESS_INTERVAL = 2000;

/** Time in which a place that cannot be written fails, in ms. */
const MOMENT = 100;

/**
 * Opens the log of this process.
 *
 * @param options Whether to force JSON, and a file to write to as well.
 * @throws {UserError} If the file cannot be written to.
 */
export async function openLog(options: LogOptions = {}): Promise<Log> {
  const encoder = new TextEncoder();
  const terminal = Deno.stdout.isTerminal();
  const prose = terminal && !options.json;
  // What one terminal shows must keep its order.
  const lane = new Lane();
  const stdout = new Sink("standard output", Deno.stdout, { onFault, lane });
  const stderr = new Sink("standard error", Deno.stderr, {
    onFault,
    ...(terminal && Deno.stderr.isTerminal() && { lane }),
  });
  const file = options.file === undefined
    ? undefined
    : await openLogFile(options.file, { stdout, stderr }, onFault);
  const sinks = [stdout, stderr, ...(file ? [file.sink] : [])];
  const bar = Deno.stderr.isTerminal() ? new Bar(stderr) : undefined;
  let record: EventFile | undefined;
  /** Whether stdout has got results, and whether the task is for these alone. */
  let [owed, streamed] = [false, false];
  /** Whether the task has told its last event. */
  let ended = false;
  /** An error of the record that nobody could be given yet. */
  let late: unknown;
  let phase = "";
  let phaseStart = 0;
  let lastTold = 0;

  function emit(event: Event): void {
    const kind = event.event;
    // What ends the work is told wherever it still can be.
    const isLast = kind === "error";
    if (late !== undefined && !isLast) {
      const error = late;
      late = undefined;
      throw error;
    }
    const line = lineOf(event);
    owed ||= RESULTS.has(kind) && record === undefined;
    streamed ||= STREAMED.has(kind);
    ended ||= kind === "error" || kind === "done";
    file?.sink.put(line);
    const text = prose ? describeEvent(visibleValue(event)) : undefined;
    if (text !== "") {
      if (terminal) bar?.clear();
      stdout.put(text === undefined ? line : encoder.encode(text + "\n"));
    }
    // It may throw, when all others have the event.
    try {
      if (kind !== "progress") record?.write(line);
    } catch (error) {
      if (!isLast) throw error;
    }
  }

  function say(line: string): void {
    bar?.clear();
    stderr.put(encoder.encode(visibleLines(line) + "\n"));
  }

  /** Tells those that are left of one that has failed. */
  function onFault(sink: Sink): void {
    // What ends the work is told of as its error.
    if (ended || sink === stdout && (streamed || owed && !sink.unread)) return;
    const why = sink.unread ? "nobody reads it any more" : reasonOf(sink.fault);
    const message = `Cannot write to ${sink.name}: ${why}; ` +
      "the work goes on without it";
    try {
      emit({ event: "warning", code: "output-lost", message, hint: "" });
    } catch (error) {
      late = error;
    }
    if (!prose || sink === stdout) say(`warning: ${message}`);
  }

  async function drained(): Promise<void> {
    do {
      await Promise.all(sinks.map((sink) => sink.drained()));
      // The fault of one may have been told to another.
    } while (!sinks.every((sink) => sink.idle));
  }

  async function flush(signal?: AbortSignal): Promise<void> {
    const moment = owed ? undefined : new Promise<void>(
      (resolve) => setTimeout(resolve, MOMENT),
    );
    const written = moment ? Promise.race([drained(), moment]) : drained();
    await unlessAborted(written, signal);
    if (!owed || stdout.fault === undefined) return;
    if (!stdout.unread) throw cannotWrite("standard output", stdout.fault);
    if (streamed) throw new Unread("nobody reads standard output any more");
  }

  function progress(report: Progress): void {
    bar?.show(report);
    const now = performance.now();
    if (report.phase !== phase) {
      phase = report.phase;
      phaseStart = lastTold = now;
    }
    const whole = report.done === report.total;
    if (!whole && now - lastTold < PROGRESS_INTERVAL) return;
    lastTold = now;
    emit({
      event: "progress",
      phase: report.phase,
      done: report.done,
      total: report.total,
      unit: report.unit,
      timing: { seconds: (now - phaseStart) / 1000 },
    });
    if (whole) bar?.clear();
  }

  return {
    emit,
    progress,
    record(path, keep) {
      record?.close();
      const opened = record = new EventFile(path, keep);
      return () => opened.sync();
    },
    say,
    flush,
    async close() {
      bar?.clear();
      await drained();
      file?.close();
      record?.close();
    },
  };
}

/**
 * Writes a text to stdout, for somebody who asked for that alone.
 *
 * @param text Without its last line break.
 * @throws {UserError} If it could not be written. A reader may leave early.
 */
export async function printText(text: string): Promise<void> {
  const sink = new Sink("standard output", Deno.stdout, { onFault() {} });
  sink.put(new TextEncoder().encode(text + "\n"));
  await sink.drained();
  if (sink.fault && !sink.unread) throw cannotWrite(sink.name, sink.fault);
}

/** The file of `--log`: what it is written by, and its end. */
interface LogFile {
  sink: Sink;
  close(): void;
}

/** Names of the streams that a process has: the system may not let us ask. */
const STREAM = /^\/dev\/(?:std(out|err)|fd\/([12]))$/;

async function openLogFile(
  path: string,
  streams: { stdout: Sink; stderr: Sink },
  onFault: (sink: Sink) => void,
): Promise<LogFile> {
  const [isStream, word, number] = STREAM.exec(path) ?? [];
  if (isStream) {
    const isOut = word === "out" || number === "1";
    return { sink: isOut ? streams.stdout : streams.stderr, close() {} };
  }
  try {
    // A named pipe waits here for its reader: this must not keep signals off.
    const file = await Deno.open(path, { append: true, create: true });
    const sink = new Sink(`the log "${path}"`, file, { onFault });
    return { sink, close: () => file.close() };
  } catch (cause) {
    throw new UserError(
      `Cannot write the log "${path}": ${reasonOf(cause, path)}`,
      { code: "cannot-write", hint: "--log FILE names another file", cause },
    );
  }
}

/** The error of a place that results could not be written to. */
function cannotWrite(name: string, cause: Error): UserError {
  return new UserError(`Cannot write to ${name}: ${reasonOf(cause)}`, {
    code: writeCode(cause),
    exitCode: 1,
    cause,
  });
}
