/**
 * Trains the runs of a sweep, one after the other, in this process: runs have
 * no state in common but the device, which is opened once. So a sweep needs no
 * permission to start programs, works as a single executable, and stops like a
 * run, after saving. A crash costs no more than the running one's steps since
 * its last checkpoint: the same command goes on there.
 *
 * @module
 */
import { join } from "@std/path";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../base/errors.ts";
import { replaceFile } from "../base/files/files.ts";
import { isSystemError } from "../base/files/system_error.ts";
import type { RunEvent, ScalarMetrics } from "../events/events.ts";
import { quietLog } from "../events/quiet_log.ts";
import { renderSweep } from "../report/sweep_chart.ts";
import { readRunRecord } from "../run/run_record.ts";
import type { Config } from "../settings/config.ts";
import { tellSaved } from "../task/stop.ts";
import {
  perform,
  type Summary,
  type TaskContext,
  type TaskMain,
} from "../task/task.ts";
import { checkInputs } from "./check_inputs.ts";
import { type PlannedRun, planRuns } from "./plan.ts";
import { finishedMetrics, readMetrics } from "./result.ts";
import { summarise } from "./summary.ts";
import { openSweepDir, writeRecord } from "./sweep_dir.ts";

/** Which runs to train, and how they are compared. */
export interface SweepOptions {
  /** The sweep's directory. */
  out: string;
  /** Its runs. */
  runs: readonly PlannedRun[];
  /** What the combinations are ranked by. */
  metric: keyof ScalarMetrics;
  /** Whether runs that are there already are replaced. */
  overwrite: boolean;
  /** The task's settings, for the record. */
  config: Record<string, unknown>;
}

/**
 * Trains the runs of a sweep that are not finished yet, and compares all. A
 * run that fails is told of, and the others go on.
 *
 * @param train Trains one: the task `finetune`.
 * @param options Which runs, and how they are compared.
 * @param context Who is told.
 * @return The facts of the `done` event.
 * @throws {UserError} `runs-failed` at the end, if any did.
 */
export async function runSweep(
  train: TaskMain<"finetune">,
  options: SweepOptions,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  const { out, runs, metric, config } = options;
  await checkInputs(options);
  await openSweepDir(out);
  start();
  const done: Omit<RunEvent, "event">[] = [];
  const record = () => {
    const summary = summarise(done, { metric });
    return {
      format: "premise-sweep-1",
      config,
      ...summary,
      runs: done,
    } as const;
  };
  await writeRecord(out, record());
  for (const [i, run] of runs.entries()) {
    const runLog = quietLog(log, `${i + 1}/${runs.length} ${run.name}`);
    const event = await finish(run, train, { ...options, log: runLog, signal });
    await runLog.close();
    log.emit({ event: "run", ...event });
    done.push(event);
    await writeRecord(out, record());
  }
  const { split, rows } = summarise(done, { metric });
  if (split === "test" && rows.length > 1) {
    log.emit({
      event: "warning",
      code: "ranked-by-test",
      message: "the combinations are ranked by the test split, so the best " +
        "one's figure is better than new examples would make it",
      hint: "take a dev split: preprocess --dev-fraction 0.1",
    });
  }
  log.emit({ event: "sweep", split, metric, rows });
  const chart = join(out, "sweep.svg");
  await replaceFile(chart, await renderSweep(rows, { metric, split }));
  refuseFailures(done, out);
  const [{ settings: best, mean, deviation }] = rows;
  return {
    runs: done.length,
    found: done.filter(({ outcome }) => outcome === "found").length,
    split,
    metric,
    best,
    mean,
    deviation,
    files: [join(out, "sweep.json"), chart],
  };
}

/** Trains a run to its end, unless it has been. */
async function finish(
  run: PlannedRun,
  train: TaskMain<"finetune">,
  { overwrite, log, signal }:
    & SweepOptions
    & Pick<TaskContext, "log" | "signal">,
): Promise<Omit<RunEvent, "event">> {
  const { name, settings, seed, config } = run;
  const facts = { name, path: config.out, settings, seed };
  const found = overwrite ? undefined : await finishedMetrics(run);
  if (found) return { ...facts, outcome: "found", metrics: found };
  try {
    const begun = await readRunRecord(config.out) !== undefined;
    const resume = begun && !overwrite;
    await perform(train, {
      task: "finetune",
      config: { ...config, resume, overwrite },
      log,
      signal,
    });
    const metrics = await readMetrics(config.out) ?? {};
    return { ...facts, outcome: "trained", metrics };
  } catch (error) {
    tellSaved(signal, {
      what: `the sweep is in the run "${config.out}"`,
      hint: "the same command goes on there",
    });
    signal.throwIfAborted();
    const { message, stack } = error as Error;
    const expected = error instanceof UserError || isSystemError(error);
    log.say(`${name}: ${expected ? message : stack}`);
    if (error instanceof UserError) {
      const { code, hint } = error;
      log.emit({ event: "error", code, message, hint });
    }
    return { ...facts, outcome: "failed", metrics: {}, error: message };
  } finally {
    // What a run that failed has left on the device.
    tf.disposeVariables();
  }
}

function refuseFailures(
  runs: readonly Omit<RunEvent, "event">[],
  out: string,
): void {
  const failed = runs.filter(({ outcome }) => outcome === "failed");
  if (failed.length === 0) return;
  throw new UserError(
    `${failed.length} of ${runs.length} runs of the sweep "${out}" failed: ` +
      failed.map(({ name }) => name).join("; "),
    {
      code: "runs-failed",
      exitCode: 1,
      hint: "the same command trains what is missing",
    },
  );
}

/**
 * Fine-tunes with every one of `--seeds`: the sweep of one combination.
 *
 * @param train Trains one: the task `finetune`.
 * @param config What to train, and how, with seeds.
 * @param context Who is told.
 */
export async function sweepSeeds(
  train: TaskMain<"finetune">,
  config: Config<"finetune">,
  context: TaskContext,
): Promise<Summary> {
  const { seeds = [], out, overwrite, ...given } = config;
  const runs = planRuns({
    shared: { ...given, resume: false },
    combinations: [{}],
    seeds,
    out,
  });
  const options = { out, runs, metric: "accuracy", overwrite, config } as const;
  return await runSweep(train, options, context);
}
