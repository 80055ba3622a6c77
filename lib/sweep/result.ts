/**
 * What a run of a sweep has come to, from its directory.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { readManifest } from "../data/table/table_manifest.ts";
import type {
  DoneEvent,
  MetricsEvent,
  RunEvent,
  ScalarMetrics,
} from "../events/events.ts";
import { SCALARS } from "../events/scalar_metrics.ts";
import { isFinished, readRunEvents } from "../run/run_events.ts";
import { isSameRun, readRunRecord } from "../run/run_record.ts";
import { pinModel } from "../weights/open_model.ts";
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
  const [data, ...others] = [config.data].flat();
  if (others.length > 0) return undefined;
  const table = await readManifest(data).catch(ignoreUserError);
  if (!record || !table) return undefined;
  const model = await pinModel(config.model, config).catch(ignoreUserError);
  const requested = { config: { ...config, model }, data: table.fingerprint };
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
  const events = await readRunEvents(directory);
  if (!isFinished(events)) return undefined;
  const { epochs, chosenEpoch = epochs } = events.at(-1) as DoneEvent & {
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

/** Training meets the same error, and tells it. */
function ignoreUserError(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
}
