/**
 * Opens a fine-tuned model to use it as it was trained.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { readTableDir } from "../../data/table/table_dir.ts";
import type { TableManifest } from "../../data/table/table_manifest.ts";
import type { WarningEvent } from "../../events/events.ts";
import { cutDifferences, type TextRecipe } from "../../text/recipe.ts";
import { checkConfig, type ModelConfig } from "../../weights/model_config.ts";
import type { OpenedModel } from "../../weights/model_dir.ts";
import { openModel, type OpenModelOptions } from "../../weights/open_model.ts";
import { isFinished, readRunEvents } from "../run_events.ts";
import { readRunMetrics } from "../run_metrics.ts";
import { readRunRecord, type RunRecord } from "../run_record.ts";
import { findRun } from "./find_run.ts";

/** How a model is opened, and how its text is to be cut. */
export interface OpenTrainedOptions extends OpenModelOptions {
  /** How pairs that are too long are cut; as in training if absent. */
  truncation?: TextRecipe["truncation"] | undefined;
}

/** A model that was trained, ready to be used. */
export interface TrainedModel {
  /** Its files; `config.text` says how its text is made. */
  opened: OpenedModel;
  /** What its `run.json` says; undefined if it is not a run's. */
  record: RunRecord | undefined;
  /** What there is to know of it. */
  warnings: WarningEvent[];
}

/**
 * Opens a fine-tuned model.
 *
 * @param source A directory, a zip archive or a catalogue name.
 * @param options Where to look, and what the files do not tell. What says
 * otherwise than the model was trained is taken, with a warning.
 * @throws {UserError} If it is missing, damaged or inconsistent.
 */
export async function openTrained(
  source: string,
  { maxLength, truncation, ...options }: OpenTrainedOptions,
): Promise<TrainedModel> {
  await findRun(source);
  const opened = await openModel(source, options);
  const warnings: WarningEvent[] = [...opened.warnings];
  const { directory } = opened;
  let { text } = opened.config;
  const record = await readRunRecord(directory);
  if (record) {
    const unfinished = await tellUnfinished(directory);
    if (unfinished) warnings.push(unfinished);
    if (text.sentences === undefined) {
      const found = await recipeOfData(record);
      if (found) text = found;
      else if (maxLength === undefined || truncation === undefined) {
        warnings.push(unknownRecipe(directory, text));
      }
    }
  }
  const asked = {
    ...text,
    maxLength: maxLength ?? text.maxLength,
    truncation: truncation ?? text.truncation,
  };
  const config: ModelConfig = { ...opened.config, text: asked };
  checkConfig(config, directory);
  const changes = cutDifferences(asked, text);
  if (text.sentences !== undefined && changes.length > 0) {
    warnings.push({
      event: "warning",
      code: "other-recipe",
      message: "The model reads text otherwise than it was trained to: " +
        changes.join("; "),
      hint: "leave out --max-len and --truncation to read it as in training",
    });
  }
  return { opened: { ...opened, config }, record, warnings };
}

/** Says of a run that was stopped which model it has. */
async function tellUnfinished(
  run: string,
): Promise<WarningEvent | undefined> {
  const events = await readRunEvents(run);
  if (isFinished(events)) return undefined;
  const done = events.filter(({ event }) => event === "epoch").length;
  const [metrics] = Object.values(await readRunMetrics(run));
  const which = metrics
    ? `the model of its epoch ${metrics.epoch} is used`
    : "the model that it has so far is used";
  return {
    event: "warning",
    code: "unfinished-run",
    message: `The run "${run}" is not finished` +
      `${done > 0 ? `, ${done} of its epochs are` : ""}; ${which}`,
    hint: `it goes on with: deno task finetune --out ${run} --resume, ` +
      "and the flags that it began with",
  };
}

/**
 * How the data were made that a run of an earlier version was trained on, if
 * they are still where they were: the run itself does not say it.
 */
async function recipeOfData(
  { config, data }: RunRecord,
): Promise<TextRecipe | undefined> {
  if (typeof config.data !== "string") return undefined;
  const manifest = await manifestOf(config.data);
  return manifest?.fingerprint === data ? manifest.text : undefined;
}

/**
 * What encoded data say of themselves.
 *
 * @param directory Where they should be.
 * @return Undefined if they are not there, or damaged.
 */
export async function manifestOf(
  directory: string,
): Promise<TableManifest | undefined> {
  try {
    return (await readTableDir(directory)).manifest;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function unknownRecipe(
  run: string,
  { maxLength, truncation }: TextRecipe,
): WarningEvent {
  return {
    event: "warning",
    code: "unknown-recipe",
    message: `The run "${run}" is of an earlier version and does not say how ` +
      "its text was cut, and the data that it was trained on are not there " +
      `any more: text is cut to ${maxLength} tokens by "${truncation}"`,
    hint: "give --max-len and --truncation as preprocess had them",
  };
}
