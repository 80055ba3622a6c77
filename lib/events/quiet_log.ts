/**
 * The log of one piece of work among many.
 *
 * @module
 */
import { EventFile, lineOf } from "./event_file.ts";
import type { Log } from "./log.ts";

/**
 * A log whose events go to its record alone, so that those of many runs are
 * not mixed; progress and words for people go where the task's go.
 *
 * @param log The task's log.
 * @param name What progress is told under, as `2/8 lr=0.001,seed=0`.
 */
export function quietLog(log: Log, name: string): Log {
  let record: EventFile | undefined;
  return {
    emit: (event) => record?.write(lineOf(event)),
    progress: (report) =>
      log.progress({ ...report, phase: `${name} ${report.phase}` }),
    record(path, keep) {
      const opened = record = new EventFile(path, keep);
      return () => opened.sync();
    },
    say: log.say,
    flush: log.flush,
    close() {
      record?.close();
      return Promise.resolve();
    },
  };
}
