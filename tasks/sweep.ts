/**
 * `sweep`: fine-tunes with many settings and seeds, and compares them.
 *
 * @module
 */
import type { Config } from "../lib/settings/config.ts";
import { combinationsOf, planRuns } from "../lib/sweep/plan.ts";
import { runSweep } from "../lib/sweep/run_sweep.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import { finetune } from "./finetune.ts";

async function main(
  config: Config<"sweep">,
  context: TaskContext,
): Promise<Summary> {
  const { settings, seeds, out } = config;
  const combinations = combinationsOf(config);
  const runs = planRuns({ shared: settings, combinations, seeds, out });
  return await runSweep(finetune, { ...config, runs, config }, context);
}

if (import.meta.main) await runTask("sweep", main);
