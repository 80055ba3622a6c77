/**
 * What there is to tell of a run that begins.
 *
 * @module
 */
import { classWarnings } from "../data/table/warnings/class_warnings.ts";
import type { DataEvent, WarningEvent } from "../events/events.ts";
import { splitUses } from "../train/data/splits.ts";
import { usedClasses } from "../train/data/used_classes.ts";
import type { OpenedModel } from "../weights/model_dir.ts";
import type { RunData } from "./run_data.ts";
import type { RunSetup } from "./run_setup.ts";

/**
 * What is trained on and measured, and what was lost in its encoding.
 *
 * @param setup The run.
 * @param columns Those of its text, if that was encoded for it.
 */
export function dataEvent(
  { settings, pretrained, tables, training }: RunSetup,
  columns: RunData["columns"],
): DataEvent {
  const { labels } = pretrained.config;
  const weights = training.classWeights;
  return {
    event: "data",
    data: settings.data,
    maxLength: tables.manifest.text.maxLength,
    columns,
    splits: splitUses(tables, settings),
    classWeights: weights &&
      Object.fromEntries(labels.map((label, i) => [label, weights[i]])),
  };
}

/**
 * Of which classes there are too few of the examples that are used.
 *
 * @param setup The run.
 */
export function tellClasses(
  { tables, splits, settings }: RunSetup,
): WarningEvent[] {
  const { followBook, limit } = settings;
  return classWarnings(usedClasses(tables, { splits, followBook, limit }));
}

/**
 * Which weights are not used, and which there are none of.
 *
 * @param model What is trained.
 */
export function tellWeights(
  { unused, otherHeads, fresh, warnings, config, hasHead }: OpenedModel,
): WarningEvent[] {
  const told = [...warnings];
  if (unused.length > 0) {
    told.push({
      event: "warning",
      code: "unused-weights",
      message: `${unused.length} arrays of other heads are not ` +
        `used: ${unused.join(", ")}`,
      hint: otherHeads.length > 0 && !hasHead
        ? "a fresh output layer takes their place, whatever they have learned"
        : "",
    });
  }
  if (fresh.length > 0) {
    told.push({
      event: "warning",
      code: "fresh-weights",
      message: `The model has no ${fresh.join(" and no ")}, so the layer ` +
        "between encoder and output starts anew",
      hint: config.family === "hf-bert"
        ? "a model with a pooler, as saved by BertModel, has learned it"
        : "only a model that was fine-tuned has learned it",
    });
  }
  return told;
}
