/**
 * `verify`: whether a run is as it was written, and whether its bits come again.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../lib/base/errors.ts";
import { SUMS } from "../lib/base/files/summed_files.ts";
import { type Check, isMissing, tellChecks } from "../lib/events/check.ts";
import { withRunLock } from "../lib/run/run_lock.ts";
import { readRunRecord, settingsOf } from "../lib/run/run_record.ts";
import { openRunSetup } from "../lib/run/run_setup.ts";
import type { Config } from "../lib/settings/config.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import {
  acceptFiles,
  checkCheckpoints,
  checkFiles,
} from "../lib/verify/check_files.ts";
import { checkReplay } from "../lib/verify/replay.ts";

async function main(
  { run, accept }: Config<"verify">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  await refuseOther(run);
  start();
  const { counts, tell } = tellChecks({ log, signal });
  if (accept) tell(await withRunLock(run, () => acceptFiles(run)));
  tell(await checkFiles(run));
  tell(await checkCheckpoints(run));
  if (counts.broken === 0) {
    tell([await replay(run, { log, signal })]);
  }
  if (counts.broken > 0) {
    throw new UserError(
      `${counts.broken} of the run "${run}" ${
        counts.broken === 1 ? "is" : "are"
      } not as written`,
      { code: "damaged-run", hint: "they are listed above", exitCode: 1 },
    );
  }
  return counts;
}

/** Refuses what lists no digests and is no run, either. */
async function refuseOther(run: string): Promise<void> {
  for (const name of ["run.json", SUMS]) {
    if (await Deno.stat(join(run, name)).catch(() => null)) return;
  }
  throw new UserError(
    `Cannot verify "${run}": it is not a run, it has neither run.json nor ${SUMS}`,
    {
      code: "missing-input",
      hint: "--run names the directory that finetune has written",
    },
  );
}

/** Replays the run's last steps, where its model and its data are still there. */
async function replay(
  run: string,
  { log, signal }: Pick<TaskContext, "log" | "signal">,
): Promise<Check> {
  try {
    const record = await readRunRecord(run);
    if (record === undefined) {
      return isMissing(
        "replay",
        "there is no run.json: it is a model without the story of its making",
        "",
      );
    }
    const settings = settingsOf(run, record);
    // A run records where its encoded data are, whatever they were made of.
    const setup = await openRunSetup({ ...settings, data: `${settings.data}` });
    return await checkReplay(run, {
      record,
      setup,
      onProgress: log.progress,
      signal,
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return isMissing(
      "replay",
      `the run can't be opened to go on: ${error.message}`,
      error.hint || "stand where it was trained",
    );
  }
}

if (import.meta.main) await runTask("verify", main);
