/**
 * From what `--data` names to the files of each split.
 *
 * @module
 */
import { basename, join } from "@std/path";
import type { UserError } from "../../base/errors.ts";
import type { WarningEvent } from "../../events/events.ts";
import { badData } from "../read/bad_data.ts";
import type { DataFile } from "../read/blocks.ts";
import { checkExtension } from "../read/format/file_names.ts";
import type { FormatOptions } from "../read/row_format.ts";
import {
  isDirectory,
  isPipe,
  isStandardInput,
  parseSpec,
  STANDARD_INPUT,
  STANDARD_INPUT_NAME,
} from "./data_spec.ts";
import type { Dataset, Split } from "./dataset.ts";
import { findHubSplits, type HubFolder } from "./hub/hub_folder.ts";
import { labelNamesOf } from "./label_order.ts";
import { splitByColumn } from "./split_column.ts";
import { findSplitFiles, type PassedOver } from "./split_files.ts";
import { splitNamed } from "./split_names.ts";
import { spool } from "./spool.ts";
import { type ShareOptions, shareTrain } from "./training_shares.ts";

/** How a data set is opened. */
export interface DatasetOptions extends FormatOptions, ShareOptions {
  /** The model's label names in the order of its outputs. */
  labels: readonly string[];
  /** The same names in the order of the data's numbers; `labels` if absent. */
  dataLabels?: readonly string[] | undefined;
  /** Which split a lone file is; `train` if absent. */
  loneSplit?: string | undefined;
  /** Where data that can be read only once, as standard input, are kept. */
  spoolFolder: string;
  /** Stops the reading of such data. */
  signal?: AbortSignal | undefined;
  /** Is told what is not read, and which split nothing will use. */
  onWarning?: ((warning: WarningEvent) => void) | undefined;
}

/** What a data set is read from: as `--data` has it, or a folder of the hub's. */
export type DataSource = string | HubFolder;

/**
 * Opens a data set. Each of `specs` is a directory of files as SNLI, MultiNLI,
 * GLUE and the Hugging Face hub have them, which gives the splits that are
 * there; `SPLIT=FILE`; or a lone file, which is `loneSplit`. A file is `.jsonl` (or `.ndjson`), `.csv`,
 * `.tsv`, or SNLI's `.txt`, each also as `.gz`; `-` is standard input, whose
 * first line tells which of them it is.
 *
 * @param specs At least one; no split twice.
 * @param options Labels, what the user says of the files, and what becomes the
 * dev and test splits of the training split's.
 * @return The splits, `train` first if it is there. Nothing is read yet but
 * what can be read only once.
 * @throws {UserError} `bad-data` if there is no such file or directory, or a
 * split is given twice; `bad-usage` if a split is to be taken that is there
 * or `dataLabels` are not the labels.
 */
export async function openDataset(
  specs: readonly DataSource[],
  options: DatasetOptions,
): Promise<Dataset> {
  const { labels: own, dataLabels = own } = options;
  const labels = labelNamesOf(own, dataLabels);
  const dataset: Dataset = new Map();
  for (const spec of specs) {
    const { splits, whole } = await findFiles(spec, options);
    for (const [name, paths] of splits) {
      const files: DataFile[] = [];
      for (const path of paths) {
        files.push(await openFile(path, { ...options, name }));
      }
      const split: Split = { name, files, labels, options };
      for (const part of await splitByColumn(split, { ...options, whole })) {
        if (dataset.has(part.name)) throw givenTwice(part, dataset);
        dataset.set(part.name, part);
      }
    }
  }
  shareTrain(dataset, options);
  return dataset;
}

function givenTwice(
  { name, files: [file] }: Split,
  dataset: Dataset,
): UserError {
  return badData(
    { path: file.shown },
    `it is the split "${name}", and so is "${
      dataset.get(name)!.files[0].shown
    }"`,
    { hint: "name the splits, as --data train=A.csv --data test=B.csv" },
  );
}

/** The files of each split that a spec stands for. */
interface FoundFiles {
  /** Their paths; those that can be read only once are among them. */
  splits: [split: string, paths: string[]][];
  /** Whether the spec says itself which split each file is. */
  whole: boolean;
}

async function findFiles(
  spec: DataSource,
  { loneSplit = "train", onWarning }: DatasetOptions,
): Promise<FoundFiles> {
  if (typeof spec !== "string") {
    const splits = await findHubSplits(spec);
    for (const [split] of splits) {
      if (splitNamed(split) === null) onWarning?.(unknownSplit(split));
    }
    return { splits, whole: true };
  }
  const { split, path } = parseSpec(spec);
  if (isStandardInput(spec) || !await isDirectory(path)) {
    if (split !== null && splitNamed(split) === null) {
      onWarning?.(unknownSplit(split));
    }
    return { splits: [[split ?? loneSplit, [path]]], whole: split !== null };
  }
  if (split !== null) {
    throw badData({ path }, `it is a directory, expected the file of a split`, {
      hint: `for all splits of a directory, give --data ${path}`,
    });
  }
  const { splits, passedOver } = await findSplitFiles(path);
  if (passedOver.length > 0) onWarning?.(notRead(path, passedOver));
  return { splits, whole: true };
}

/** A split of any name can be measured, but nothing else is done with it. */
function unknownSplit(split: string): WarningEvent {
  return {
    event: "warning",
    code: "unknown-split",
    message: `"${split}" is no usual name of a split: training uses train, ` +
      "dev (val, valid, validation) and test (eval, evaluation)",
    hint: `eval --split ${split} measures a model on it`,
  };
}

function notRead(
  directory: string,
  files: readonly PassedOver[],
): WarningEvent {
  const list = files.map(({ path, why }) => `${basename(path)} (${why})`);
  return {
    event: "warning",
    code: "passed-over",
    message: `In "${directory}" not everything is read: ${list.join(", ")}`,
    hint: "--data SPLIT=FILE reads a file of any name",
  };
}

/** A pipe can be read only once, so it is copied first. */
async function openFile(
  path: string,
  { name, spoolFolder, signal }: DatasetOptions & { name: string },
): Promise<DataFile> {
  const copy = join(spoolFolder, `${name}.input`);
  if (path === STANDARD_INPUT) {
    await spool(Deno.stdin.readable, copy, { signal });
    return { path: copy, shown: STANDARD_INPUT_NAME };
  }
  if (await isPipe(path)) {
    const pipe = await Deno.open(path);
    await spool(pipe.readable, copy, { signal });
    return { path: copy, shown: path };
  }
  const file = { path, shown: path };
  checkExtension(file);
  return file;
}
