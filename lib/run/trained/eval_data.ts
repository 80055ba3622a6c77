/**
 * The encoded data that a model is measured on: a directory of tables, text
 * that is encoded first, as the model reads it, or the run's own table.
 *
 * @module
 */
import { basename, join, resolve } from "@std/path";
import { isPipe } from "../../data/sources/data_spec.ts";
import type { WarningEvent } from "../../events/events.ts";
import type { Config } from "../../settings/config.ts";
import { TABLES } from "../../settings/named_places.ts";
import {
  type EncodeSettings,
  encodeSources,
  findSources,
} from "../../train/data/encode_sources.ts";
import {
  isTableDir,
  refuseTextSettings,
  type RunDataContext,
} from "../run_data.ts";
import type { RunRecord } from "../run_record.ts";
import { manifestOf, type TrainedModel } from "./open_trained.ts";

/** Where the data are that a model is measured on. */
export interface EvalData {
  /** A directory of tables, which need not be there. */
  directory: string;
  /** What there is to know of them. */
  warnings: WarningEvent[];
}

/**
 * Finds what a model is measured on, and encodes it if it is text.
 *
 * @param config What is to be measured.
 * @param model The model, which says how its text is made.
 * @param context Who is told.
 * @throws {UserError} As `preprocess` does; `bad-usage` if encoded data are
 * given together with settings of text.
 */
export async function openEvalData(
  config: Config<"eval">,
  model: TrainedModel,
  context: RunDataContext,
): Promise<EvalData> {
  const { opened, record } = model;
  if (config.data === undefined) return await tableOfRun(model);
  const specs = [config.data].flat();
  // Devices that never end are no text; "-" reads what is piped.
  const [first] = specs;
  if (specs.length === 1 && (await isTableDir(first) || await isPipe(first))) {
    refuseTextSettings(specs[0], "eval", config);
    return { directory: specs[0], warnings: [] };
  }
  await context.onText();
  const data = await findSources(specs, config);
  const folder = context.tables ?? join(config.cache, "tables");
  // What the model warns of is told of the model, not of its data.
  const sources = { model: { ...opened, warnings: [] }, data };
  const { directory } = await encodeSources(folder, sources, {
    config: settingsOfText(config, record),
    loneSplit: config.split,
    byFingerprint: true,
    // What is of its name and not of its content is damaged.
    overwrite: true,
    log: context.log,
    signal: context.signal,
  });
  return { directory, warnings: [] };
}

/** Columns and numbers mean what they meant in training, unless it is said. */
function settingsOfText(
  config: Config<"eval">,
  record: RunRecord | undefined,
): EncodeSettings {
  const trained = (record?.config ?? {}) as Partial<Config<"finetune">>;
  const { premiseField, hypothesisField, labelField, dataLabels } = trained;
  return {
    ...config,
    premiseField: config.premiseField ?? premiseField,
    hypothesisField: config.hypothesisField ?? hypothesisField,
    labelField: config.labelField ?? labelField,
    dataLabels: config.dataLabels ?? dataLabels,
    maxLen: undefined,
    truncation: undefined,
    hypothesisOnly: false,
    single: false,
    devFraction: undefined,
    testFraction: undefined,
    workers: undefined,
  };
}

/** The table that a run was trained on; of other models, the one of its name. */
async function tableOfRun(
  { opened, record }: TrainedModel,
): Promise<EvalData> {
  const named = join(TABLES, basename(resolve(opened.directory)));
  if (record === undefined) return { directory: named, warnings: [] };
  const own = String(record.config.data);
  const found = (await manifestOf(own))?.fingerprint;
  if (
    found === undefined &&
    (await manifestOf(named))?.fingerprint === record.data
  ) {
    return { directory: named, warnings: [] };
  }
  const other = found !== undefined && found !== record.data;
  return { directory: own, warnings: other ? [otherData(own)] : [] };
}

function otherData(directory: string): WarningEvent {
  return {
    event: "warning",
    code: "other-data",
    message: `The encoded data "${directory}" are not those that the model ` +
      "was trained on: they were made anew since, of other text or otherwise",
    hint: "--data names what else the model is to be measured on",
  };
}
