/**
 * What a run of a sweep has come to, from its directory.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../base/errors.ts";
import { readManifest } from "../data/table/table_manifest.ts";
import type {
  DoneEvent,
  Event,
  MetricsEvent,
  RunEvent,
  ScalarMetrics,
} from "../events/events.ts";
import { SCALARS } from "../events/scalar_metrics.ts";
import { isSameRun, readRunRecord } from "../run/run_record.ts";
import type { PlannedRun } from "./plan.ts";

/**
 * The metrics of a run that was finished with just these settings and data.
 *
 * @param run The run.
 * @return Undefined if it is not there, not finished or another.
 */
export async function finishedMetrics(
  run: PlannedRun,
): Promise<RunEvent["metrics"] | undefined> {
  const { config } = run;
  const record = await readRunRecord(config.out).catch(ignoreUserError);
  const table = await readManifest(config.data).catch(ignoreUserError);
  if (!record || !table) return undefined;
  const requested = { config, data: table.fingerprint };
  if (!isSameRun(record, requested)) return undefined;
  return await readMetrics(config.out);
}

/**
 * The metrics of the model that a run's directory holds: of the chosen epoch,
 * where every epoch was measured on a split.
 *
 * @param directory The run's.
 * @return Undefined if the run is not finished.
 */
export async function readMetrics(
  directory: string,
): Promise<RunEvent["metrics"] | undefined> {
  const events = await readEvents(join(directory, "events.jsonl"));
  const done = events.at(-1);
  if (done?.event !== "done") return undefined;
  const { epochs, chosenEpoch = epochs } = done as DoneEvent & {
    epochs: number;
    chosenEpoch?: number;
  };
  const metrics = events.filter((event): event is MetricsEvent =>
    event.event === "metrics"
  );
  const bySplit = Object.groupBy(metrics, ({ split }) => split);
  return Object.fromEntries(
    Object.entries(bySplit).map(([split, measured]) => {
      const chosen = measured!.length === epochs
        ? measured![chosenEpoch - 1]
        : measured!.at(-1)!;
      const scalars = SCALARS.map((name) => [name, chosen[name]]);
      return [split, Object.fromEntries(scalars) as ScalarMetrics];
    }),
  );
}

async function readEvents(path: string): Promise<Event[]> {
  try {
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line));
  } catch (error) {
    // A line that is cut short belongs to a run that was killed.
    if (error instanceof SyntaxError) return [];
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Training meets the same error, and tells it. */
function ignoreUserError(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
}
