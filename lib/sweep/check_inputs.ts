/**
 * Looks at what the runs of a sweep are made of, before any is trained.
 *
 * @module
 */
import { listProblems, UserError } from "../base/errors.ts";
import { isTableDir } from "../run/run_data.ts";
import { openInputs } from "../run/run_setup.ts";
import type { Config } from "../settings/config.ts";
import { settingsThatConcern } from "../train/training_settings.ts";
import type { PlannedRun } from "./plan.ts";
import { finishedMetrics } from "./result.ts";

/** Settings that say what a run is made of; the others say how it is trained. */
const OF_INPUTS: readonly (keyof Config<"finetune">)[] = [
  ...settingsThatConcern("model", "data"),
  "classWeights",
  "limit",
  "bestBy",
  "patience",
];

/**
 * Refuses a sweep of which no run could begin. Where some can, those are
 * trained, and the others told of when their turn comes.
 *
 * @param options The runs, and whether finished ones are trained again.
 * @throws {UserError} As the one that all have met, or with the list of them.
 */
export async function checkInputs(
  { runs, overwrite }: { runs: readonly PlannedRun[]; overwrite: boolean },
): Promise<void> {
  const errors = new Map<string, UserError>();
  const seen = new Set<string>();
  for (const run of runs) {
    const inputs = JSON.stringify(OF_INPUTS.map((name) => run.config[name]));
    if (seen.has(inputs)) continue;
    seen.add(inputs);
    if (!overwrite && await finishedMetrics(run)) return;
    try {
      const { data } = run.config;
      // Text is looked at when its first run encodes it.
      if (typeof data !== "string" || !await isTableDir(data)) return;
      await openInputs({ ...run.config, data });
      return;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      errors.set(error.message, error);
    }
  }
  const [first, ...others] = errors.values();
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const { code, hint } = first;
  throw listProblems("Cannot begin the sweep", [...errors.keys()], {
    code,
    hint,
  });
}
