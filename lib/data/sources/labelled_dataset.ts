/**
 * Data sets with their labels, which are the data's own if none are given.
 *
 * @module
 */
import type { WarningEvent } from "../../events/events.ts";
import type { Dataset, Split } from "./dataset.ts";
import {
  inferLabels,
  type InferredLabels,
  tellMinusOnes,
} from "./infer_labels.ts";
import { type DatasetOptions, type DataSource, openDataset } from "./source.ts";

/** How a data set is opened whose labels may be its own. */
export interface LabelledOptions extends Omit<DatasetOptions, "labels"> {
  /** The model's label names; null to take `dataLabels`, or else the data's. */
  labels: readonly string[] | null;
  /** With `labels` null: labels whose order is kept if the data's are these. */
  usualLabels?: readonly string[] | undefined;
}

/** A data set, and the names of its classes. */
export interface LabelledDataset {
  /** Its splits. */
  dataset: Dataset;
  /** The label names in the order of the model's outputs. */
  labels: string[];
}

/**
 * Opens a data set. Labels that are taken from the data are told
 * (`inferred-labels`), unless they are the usual ones.
 *
 * @param specs As {@link openDataset} takes them.
 * @param options Labels, what the user says of the files, and who is told.
 * @throws {UserError} As {@link openDataset} and {@link inferLabels} do.
 */
export async function openLabelled(
  specs: readonly DataSource[],
  options: LabelledOptions,
): Promise<LabelledDataset> {
  const { usualLabels, signal, onWarning } = options;
  const given = options.labels ?? options.dataLabels;
  const dataset = await openDataset(specs, { ...options, labels: given ?? [] });
  if (given) return { dataset, labels: [...given] };
  const inferred = await inferLabels(dataset, { usual: usualLabels, signal });
  const { labels } = inferred;
  if (labels.join() !== usualLabels?.join()) {
    onWarning?.(tellInferred(inferred));
  }
  const names = { labels, numbered: labels };
  const labelled = dataset.values().map((split): [string, Split] => [
    split.name,
    { ...split, labels: names },
  ]);
  return { dataset: new Map(labelled), labels };
}

function tellInferred(inferred: InferredLabels): WarningEvent {
  const { labels, counts } = inferred;
  const list = labels.map((label, i) => `${label} (${counts[i]} rows)`);
  return {
    event: "warning",
    code: "inferred-labels",
    message: `The labels are taken from the data: ${list.join(", ")}` +
      tellMinusOnes(inferred),
    hint: "--labels A,B,C gives others, or another order",
  };
}
