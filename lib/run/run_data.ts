/**
 * The encoded data of a run: a directory of tables that is there, or one that
 * is made of text first, in the cache, where the next run finds it again.
 *
 * @module
 */
import { join } from "@std/path";
import type { z } from "zod";
import { UserError } from "../base/errors.ts";
import { isStandardInput, parseSpec } from "../data/sources/data_spec.ts";
import { MANIFEST } from "../data/table/table_manifest.ts";
import type { DataColumns, WarningEvent } from "../events/events.ts";
import type { Log } from "../events/log.ts";
import { isRepositoryName } from "../hub/repository/repository_name.ts";
import { type Config, taskSchemas } from "../settings/config.ts";
import { flagName } from "../settings/schema.ts";
import { encodeSources, openSources } from "../train/data/encode_sources.ts";
import { settingsThatConcern } from "../train/training_settings.ts";

/** The settings of a run whose data are a directory of tables. */
export type RunSettings = Config<"finetune"> & { data: string };

/** Settings whose data are encoded, and what is known of the text they are of. */
export interface RunData {
  /** The settings, `data` being a directory of tables. */
  settings: RunSettings;
  /** The columns that were read; undefined if the tables were there. */
  columns?: DataColumns | undefined;
  /** What was told of the model already; undefined if nothing was. */
  told?: readonly WarningEvent[] | undefined;
}

/** Who is told of the encoding. */
export interface RunDataContext {
  /** Gets warnings and progress. */
  log: Log;
  /** Stops it. */
  signal: AbortSignal;
  /** Where text is encoded; in the cache if absent. */
  tables?: string | undefined;
  /** Called before the encoding begins. */
  onText(): Promise<void>;
}

/**
 * Encodes the data of a run, if they are text.
 *
 * @param settings The run's.
 * @param context Who is told.
 * @throws {UserError} `bad-usage` if encoded data are given together with
 * settings of text; or as `preprocess` does.
 */
export async function openRunData(
  settings: Config<"finetune">,
  { log, signal, tables, onText }: RunDataContext,
): Promise<RunData> {
  const specs = [settings.data].flat();
  if (specs.length === 1 && await isTableDir(specs[0])) {
    refuseTextSettings(specs[0], "finetune", settings);
    return { settings: { ...settings, data: specs[0] } };
  }
  for (const spec of specs) {
    if (await isTableDir(spec)) throw severalTables(spec);
  }
  await onText();
  const sources = await openSources(specs, settings);
  const folder = tables ?? join(settings.cache, "tables");
  const { directory, columns } = await encodeSources(folder, sources, {
    config: settings,
    byFingerprint: true,
    // What is of its name and not of its content is damaged.
    overwrite: true,
    log,
    signal,
  });
  return {
    settings: { ...settings, data: directory },
    columns,
    told: sources.model.warnings,
  };
}

/**
 * Whether a path is a directory of tables, or could be nothing else.
 *
 * @param spec What `--data` gives.
 */
export async function isTableDir(spec: string): Promise<boolean> {
  if (parseSpec(spec).split !== null || isStandardInput(spec)) return false;
  if (isRepositoryName(spec)) return false;
  const info = await Deno.stat(spec).catch(() => null);
  // A name of the catalogue has no slash; a file of text has an ending.
  if (info === null) return /[/\\]/.test(spec) && !/\.\w+$/.test(spec);
  if (!info.isDirectory) return false;
  for await (const { name } of Deno.readDir(spec)) {
    if (name === MANIFEST || name.endsWith(".arrow")) return true;
  }
  return false;
}

function severalTables(directory: string): UserError {
  return new UserError(
    `Cannot use "${directory}" together with another --data: it is encoded ` +
      "already",
    {
      code: "bad-usage",
      hint: "give --data the one directory, or text alone",
    },
  );
}

/**
 * Refuses settings of text where the data are encoded already.
 *
 * @param directory The tables.
 * @param task Whose settings they are.
 * @param settings The settings.
 * @throws {UserError} `bad-usage` if any is given.
 */
export function refuseTextSettings(
  directory: string,
  task: "finetune" | "eval",
  settings: Readonly<Record<string, unknown>>,
): void {
  const shape: Record<string, z.ZodType> = taskSchemas[task].shape;
  const given = settingsThatConcern("text").filter((name) =>
    name in shape &&
    JSON.stringify(settings[name]) !==
      JSON.stringify(shape[name].safeParse(undefined).data)
  );
  if (given.length === 0) return;
  const flags = given.map((name) => `--${flagName(name)}`).join(", ");
  throw new UserError(
    `Cannot use ${flags} with "${directory}": it is encoded already`,
    {
      code: "bad-usage",
      hint: `leave out ${flags}, or give --data the text itself`,
    },
  );
}
