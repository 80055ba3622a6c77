/**
 * A sweep's directory: `sweep.json` has its settings and what came of it,
 * `sweep.svg` shows it, `runs/` has a run directory for each run.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../base/errors.ts";
import { replaceFile } from "../base/files/files.ts";
import { toDisk } from "../base/files/system_error.ts";
import type { RunEvent, SweepEvent } from "../events/events.ts";

/** What `sweep.json` holds. */
export interface SweepRecord extends Omit<SweepEvent, "event"> {
  /** The version of the file's layout. */
  format: "premise-sweep-1";
  /** The task's settings. */
  config: Record<string, unknown>;
  /** All runs that are done with, in order. */
  runs: Omit<RunEvent, "event">[];
}

const RECORD = "sweep.json";

/**
 * Makes a sweep's directory.
 *
 * @param directory The directory.
 * @throws {UserError} If it holds something that is not a sweep's.
 */
export async function openSweepDir(directory: string): Promise<void> {
  await toDisk(`write the sweep "${directory}"`, async () => {
    await Deno.mkdir(join(directory, "runs"), { recursive: true });
    const names = await Array.fromAsync(
      Deno.readDir(directory),
      ({ name }) => name,
    );
    if (names.includes(RECORD)) return;
    // A sweep that was killed at once has its folder of runs alone.
    const foreign = names.find((name) =>
      name !== "runs" && !name.startsWith(`.${RECORD}.`)
    );
    if (foreign === undefined) return;
    throw new UserError(
      `Cannot write the sweep "${directory}": it holds "${foreign}"`,
      { code: "run-exists", hint: "name another directory with --out" },
    );
  });
}

/**
 * Writes a sweep's record.
 *
 * @param directory The sweep's.
 * @param record Its content.
 * @return The file.
 */
export async function writeRecord(
  directory: string,
  record: SweepRecord,
): Promise<string> {
  const path = join(directory, RECORD);
  await replaceFile(path, JSON.stringify(record, null, 2) + "\n");
  return path;
}
