/**
 * One writer a run: a second process that would train into the same directory
 * is refused, since two would mix their checkpoints and their events.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { UserError } from "../base/errors.ts";
import { takeLock } from "../base/files/lock.ts";
import { toDisk } from "../base/files/system_error.ts";

/**
 * Does some work while no other process writes the run.
 *
 * The lock is `.NAME.lock` beside the directory, which may be replaced
 * meanwhile. It ends with its process, however that ends.
 *
 * @param run The run directory; the folder that it is in is made.
 * @param work The work to do meanwhile.
 * @return What the work returns.
 * @throws {UserError} `run-in-use` if another process writes it,
 *   `cannot-write` if there can be no lock.
 *
 * @example
 * ```ts
 * import { withRunLock } from "./run_lock.ts";
 * import { assertRejects } from "@std/assert";
 * import { join } from "@std/path";
 *
 * const run = join(await Deno.makeTempDir(), "run");
 * await withRunLock(run, () =>
 *   assertRejects(() => withRunLock(run, () => Promise.resolve()))
 * );
 * ```
 */
export async function withRunLock<T>(
  run: string,
  work: () => Promise<T>,
): Promise<T> {
  await using _lock = await takeRunLock(run);
  return await work();
}

async function takeRunLock(run: string): Promise<AsyncDisposable> {
  return await toRun(run, async () => {
    await Deno.mkdir(dirname(run), { recursive: true });
    const path = await lockPath(run);
    return await takeLock(path, {
      onWait: async () => {
        throw inUse(run, await Deno.readTextFile(path).catch(() => ""));
      },
    });
  });
}

/**
 * Does some work that makes a run's directory; errors of the disk become
 * messages.
 *
 * @param run The run directory.
 * @param work The work to do.
 * @throws {UserError} `disk-full` or `cannot-write`, if it won't have it.
 */
export async function toRun<T>(
  run: string,
  work: () => Promise<T>,
): Promise<T> {
  const hint = "--out names another directory";
  return await toDisk(`write the run "${run}"`, work, () => hint);
}

/** The lock's path: the same by whatever way the run is named. */
async function lockPath(run: string): Promise<string> {
  const real = await Deno.realPath(run).catch(async (error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return join(await Deno.realPath(dirname(run)), basename(run));
  });
  return join(dirname(real), `.${basename(real)}.lock`);
}

function inUse(run: string, holder: string): UserError {
  const who = holder === "" ? "another process" : `process ${holder.trim()}`;
  return new UserError(`Cannot write the run "${run}": ${who} is writing it`, {
    code: "run-in-use",
    hint: "wait until it ends, or name another directory with --out",
  });
}
