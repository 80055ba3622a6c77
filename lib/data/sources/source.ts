/**
 * From what `--data` names to the files of each split.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { reasonOf } from "../../base/files/system_error.ts";
import { askForPath } from "../../base/near_name.ts";
import type { WarningEvent } from "../../events/events.ts";
import { badData } from "../read/bad_data.ts";
import type { DataFile } from "../read/blocks.ts";
import { isNumber, type LabelNames } from "../read/gold_label.ts";
import type { RowsOfSplit } from "../read/rows_of_split.ts";
import { checkExtension, type FormatOptions } from "../read/row_format.ts";
import type { Share } from "./premise_share.ts";
import { findSplitFiles, type PassedOver } from "./split_files.ts";
import { findSplitRows } from "./split_column.ts";
import { splitNamed } from "./split_names.ts";
import { spool } from "./spool.ts";

/** One split of a data set. */
export interface Split {
  /** Its name, as `train`, `dev` or `test`. */
  readonly name: string;
  /** The files it is read from, one after the other; at least one. */
  readonly files: readonly DataFile[];
  /** What its labels are called. */
  readonly labels: LabelNames;
  /** What the user says of the file. */
  readonly options: FormatOptions;
  /** Which rows it takes of a file whose column tells; all if absent. */
  readonly only?: RowsOfSplit;
  /** Which of the file's examples it takes; all if absent. */
  readonly share?: Share;
}

/** A data set's splits by name. */
export type Dataset = Map<string, Split>;

/** How a data set is opened. */
export interface DatasetOptions extends FormatOptions {
  /** The model's label names in the order of its outputs. */
  labels: readonly string[];
  /** The same names in the order of the data's numbers; `labels` if absent. */
  dataLabels?: readonly string[] | undefined;
  /** Which split a lone file is; `train` if absent. */
  loneSplit?: string | undefined;
  /** Share of the training premises that becomes the test split, in (0, 1). */
  testFraction?: number | undefined;
  /** Share of them that becomes the dev split, in (0, 1). */
  devFraction?: number | undefined;
  /** Where data that can be read only once, as standard input, are kept. */
  spoolFolder: string;
  /** Stops the reading of such data. */
  signal?: AbortSignal | undefined;
  /** Is told what is not read, and which split nothing will use. */
  onWarning?: ((warning: WarningEvent) => void) | undefined;
}

/** `SPLIT=FILE`; a lone file of such a name is written `./SPLIT=FILE`. */
const SPLIT_SPEC = /^([a-z][a-z0-9_-]*)=(.+)$/is;

/** What standard input is called in messages. */
export const STANDARD_INPUT_NAME = "standard input";

/** Stands for standard input in place of a file. */
export const STANDARD_INPUT = "-";

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
  specs: readonly string[],
  options: DatasetOptions,
): Promise<Dataset> {
  const { labels, dataLabels = labels } = options;
  checkDataLabels(dataLabels, labels);
  const dataset: Dataset = new Map();
  for (const spec of specs) {
    for (const [name, paths] of await findFiles(spec, options)) {
      const files: DataFile[] = [];
      for (const path of paths) {
        files.push(await openFile(path, { ...options, name }));
      }
      const names = areCodes(dataLabels, labels)
        ? { labels, numbered: labels, codes: dataLabels }
        : { labels, numbered: dataLabels };
      const split: Split = { name, files, labels: names, options };
      for (const part of await byColumn(split, spec, options)) {
        if (dataset.has(part.name)) throw givenTwice(part, dataset);
        dataset.set(part.name, part);
      }
    }
  }
  shareTrain(dataset, options);
  return dataset;
}

/** The splits that the rows of a lone file name; the split itself if none. */
async function byColumn(
  split: Split,
  spec: string,
  options: DatasetOptions,
): Promise<Split[]> {
  const { files: [file], name } = split;
  if (split.files.length > 1) return [split];
  const { onWarning } = options;
  const parts = await findSplitRows(file, options);
  if (parts === null) return [split];
  const counts = parts.map(({ split, rows }) => `${split} (${rows} rows)`)
    .join(", ");
  const { column } = parts[0].only;
  // Who names a file's split means all of it.
  if (parseSpec(spec).split !== null || await isDirectory(spec)) {
    if (parts.some((part) => part.split !== name)) {
      onWarning?.({
        event: "warning",
        code: "split-column",
        message:
          `All rows of "${file.shown}" are taken as ${name}, though its ` +
          `column "${column}" names ${counts}`,
        hint: `--data ${file.shown} takes its splits from that column`,
      });
    }
    return [split];
  }
  onWarning?.({
    event: "warning",
    code: "split-column",
    message: `The splits of "${file.shown}" are those that its column ` +
      `"${column}" names: ${counts}`,
    hint: `--data train=${file.shown} takes the whole file`,
  });
  return parts.map(({ split: name, only }) => ({ ...split, name, only }));
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

/**
 * Takes `SPLIT=FILE` apart.
 *
 * @param spec As {@link openDataset} takes it.
 * @return The split, `dev` for `val=A.csv`, or null if the spec is a path alone;
 * the path.
 */
export function parseSpec(
  spec: string,
): { split: string | null; path: string } {
  const match = SPLIT_SPEC.exec(spec);
  if (match === null) return { split: null, path: withoutDevice(spec) };
  const name = match[1].toLowerCase().replaceAll("-", "_");
  return { split: splitNamed(name) ?? name, path: withoutDevice(match[2]) };
}

/** Deno keeps programs from the devices that are called like their input. */
function withoutDevice(path: string): string {
  return /^\/dev\/(?:stdin|fd\/0)$/.test(path) ? STANDARD_INPUT : path;
}

/** Whether a spec is standard input. */
export function isStandardInput(spec: string): boolean {
  return parseSpec(spec).path === STANDARD_INPUT;
}

/** Whether a path is neither file nor directory: it can be read only once. */
export async function isPipe(path: string): Promise<boolean> {
  const info = await Deno.stat(path).catch(() => null);
  return info !== null && !info.isFile && !info.isDirectory;
}

/** Whether they are numbers that stand for the labels, one for each. */
function areCodes(
  dataLabels: readonly string[],
  labels: readonly string[],
): boolean {
  return dataLabels.every((label) => /^-?\d+$/.test(label)) &&
    new Set(dataLabels).size === labels.length &&
    dataLabels.length === labels.length && !labels.some(isNumber);
}

function checkDataLabels(
  dataLabels: readonly string[],
  labels: readonly string[],
): void {
  if (areCodes(dataLabels, labels)) return;
  if (dataLabels.toSorted().join() === labels.toSorted().join()) return;
  throw new UserError(
    `Cannot read labels as ${dataLabels.join(", ")}: the model's are ${
      labels.join(", ")
    }`,
    {
      code: "bad-usage",
      hint: "--data-labels gives the model's labels in the data's order, or " +
        "the data's numbers, as -1,0,1, in the order of the model's labels",
    },
  );
}

/** The splits that a spec stands for, and the paths of their files. */
async function findFiles(
  spec: string,
  { loneSplit = "train", onWarning }: DatasetOptions,
): Promise<[split: string, paths: string[]][]> {
  const { split, path } = parseSpec(spec);
  if (isStandardInput(spec) || !await isDirectory(path)) {
    if (split !== null && splitNamed(split) === null) {
      onWarning?.(unknownSplit(split));
    }
    return [[split ?? loneSplit, [path]]];
  }
  if (split !== null) {
    throw badData({ path }, `it is a directory, expected the file of a split`, {
      hint: `for all splits of a directory, give --data ${path}`,
    });
  }
  const { splits, passedOver } = await findSplitFiles(path);
  if (passedOver.length > 0) onWarning?.(notRead(path, passedOver));
  return splits;
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

async function isDirectory(path: string): Promise<boolean> {
  if (isStandardInput(path)) return false;
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (cause) {
    throw badData({ path }, await whyMissing(path, cause), { cause });
  }
}

/** Why a path of data cannot be read, and which one may be meant. */
export async function whyMissing(
  path: string,
  cause: unknown,
): Promise<string> {
  const isMissing = cause instanceof Deno.errors.NotFound;
  return reasonOf(cause, path) + (isMissing ? await askForPath(path) : "");
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

/** Makes the splits `test` and `dev` of some premises of the training split. */
function shareTrain(
  dataset: Dataset,
  { testFraction = 0, devFraction = 0 }: DatasetOptions,
): void {
  const shares = {
    dev: { from: testFraction, to: testFraction + devFraction },
    test: { from: 0, to: testFraction },
    train: { from: testFraction + devFraction, to: 1 },
  };
  if (shares.train.from === 0) return;
  const train = dataset.get("train");
  for (const [name, share] of Object.entries(shares)) {
    if (share.from === share.to) continue;
    const there = name !== "train" &&
      dataset.keys().some((key) => key === name || key.startsWith(`${name}_`));
    if (!train || there) {
      throw new UserError(
        `Cannot take a ${name} split of ${[...dataset.keys()].join(", ")}: ` +
          (train ? "there is one" : "there is no train split"),
        { code: "bad-usage", hint: `leave out --${name}-fraction` },
      );
    }
    dataset.set(name, { ...train, name, share });
  }
}
