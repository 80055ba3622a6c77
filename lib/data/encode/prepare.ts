/**
 * From a data set and a model's vocabulary to a directory of encoded data.
 *
 * @module
 */
import { join } from "@std/path";
import { createHash } from "node:crypto";
import { UserError } from "../../base/errors.ts";
import { digestFile } from "../../base/files/digest.ts";
import { reasonOf, toDisk } from "../../base/files/system_error.ts";
import { withWorkFolder } from "../../base/files/work_folder.ts";
import type { OnProgress } from "../../base/progress.ts";
import { readRegularText } from "../../base/files/regular.ts";
import type { WarningEvent } from "../../events/events.ts";
import { readAsRecorded } from "../../hub/catalogue/recorded_digests.ts";
import { openTokenizer } from "../../text/open_tokenizer.ts";
import {
  newestRules,
  type TextRecipe,
  tokenizerOptions,
} from "../../text/recipe.ts";
import { badData } from "../read/bad_data.ts";
import type { DataFile } from "../read/blocks.ts";
import type { FieldNames } from "../read/columns/field_names.ts";
import type { FormatOptions } from "../read/row_format.ts";
import {
  inferLabels,
  type InferredLabels,
  tellMinusOnes,
} from "../sources/infer_labels.ts";
import {
  type Dataset,
  openDataset,
  type Split,
  STANDARD_INPUT_NAME,
} from "../sources/source.ts";
import { moveTableDir } from "../table/move_table_dir.ts";
import {
  checkReplaceable,
  readTableDir,
  writeTableDir,
} from "../table/table_dir.ts";
import type { TableManifest, TableSettings } from "../table/table_manifest.ts";
import { type EncodedSplit, encodeSplit } from "./encode.ts";
import { decisive, type FileFormats, findFormats } from "./file_formats.ts";
import { EncodePool } from "./encode_pool.ts";
import type { SeenSplits } from "./figure_counter.ts";

/** What to encode, and how. */
export interface PrepareTablesOptions
  extends Omit<TextRecipe, "rules">, FormatOptions {
  /** What to read, as {@link openDataset} takes it. */
  data: readonly string[];
  /** The model's vocabulary file. */
  vocabularyFile: string;
  /** The version of the text rules; the newest if absent. */
  rules?: number | undefined;
  /**
   * The model's label names in the order of its outputs, at most 128; null to
   * take those of the data, which are told (`inferred-labels`).
   */
  labels: readonly string[] | null;
  /** With `labels` null: labels whose order is kept if the data's are these. */
  usualLabels?: readonly string[] | undefined;
  /** The same names in the order of the data's numbers; `labels` if absent. */
  dataLabels?: readonly string[] | undefined;
  /** Examples to take of each split; all if absent. */
  limit?: number | undefined;
  /** Which split a lone file is; `train` if absent. */
  loneSplit?: string | undefined;
  /** Share of the training premises that becomes the test split. */
  testFraction?: number | undefined;
  /** Share of them that becomes the dev split. */
  devFraction?: number | undefined;
  /** Whether a bad row stops the work, as without this, or is left out. */
  onBadRow?: "stop" | "skip" | undefined;
  /** Whether the directory is to have one of its own for each fingerprint. */
  byFingerprint?: boolean | undefined;
  /** Encoding workers; the cores, at most 4, if absent. */
  workers?: number | undefined;
  /** Whether to replace encoded data of other sources too. */
  overwrite?: boolean | undefined;
  /** Is told the rows done. */
  onProgress?: OnProgress;
  /** Called once if another process is writing the same directory. */
  onWait?: () => void;
  /** Is told what is not read, or not as one might think. */
  onWarning?: (warning: WarningEvent) => void;
  /** Stops the work. */
  signal?: AbortSignal;
}

/** What {@link prepareTables} did. */
export interface PreparedTables {
  /** Where the tables are. */
  directory: string;
  /** The content of `table.json`. */
  manifest: TableManifest;
  /** The columns or fields that were read, of the first file. */
  columns: FieldNames;
  /** Whether the directory held the same already. */
  reused: boolean;
  /** Whether the directory held something else that was encoded. */
  replaced: boolean;
  /**
   * Whether any label was told by its number, which means another class if the
   * data's order of labels is another.
   */
  numbered: boolean;
}

/** Classes that the label column, Int8, can tell apart. */
const MOST_LABELS = 128;

/**
 * Encodes a data set, unless the directory holds just that already. What else
 * was encoded there of the same files is replaced, since it can be made again. The
 * directory changes in one step, when all is done.
 *
 * @param directory The directory to write.
 * @param options What to encode, and how.
 * @throws {UserError} `bad-data`, `bad-vocabulary`, `bad-usage`, or
 * `cannot-write` if the disk won't have it.
 */
export async function prepareTables(
  directory: string,
  options: PrepareTablesOptions,
): Promise<PreparedTables> {
  const count = options.labels?.length ?? 0;
  if (count > MOST_LABELS) {
    throw new UserError(
      `Cannot encode ${count} labels, expected at most ${MOST_LABELS}`,
      { code: "bad-usage" },
    );
  }
  return await toDisk(
    `write encoded data to "${directory}"`,
    () =>
      withWorkFolder(
        options.byFingerprint ? join(directory, "encode") : directory,
        (folder) => prepareIn(folder, directory, options),
        options,
      ),
    () => "free some space, or name another directory (--out)",
  );
}

async function prepareIn(
  folder: string,
  target: string,
  options: PrepareTablesOptions,
): Promise<PreparedTables> {
  const { vocabularyFile, onWarning } = options;
  const text = recipeOf(options);
  const { dataset, labels } = await openLabelled(folder, options);
  const { size } = await openTokenizer(vocabularyFile, tokenizerOptions(text));
  const digest = await digestFile(vocabularyFile, "sha256");
  const settings: TableSettings = {
    text,
    vocabulary: { digest, size },
    labels,
    sources: sourcesOf(dataset),
  };
  const formats = await findFormats(dataset, text.sentences);
  const [{ fields: columns }] = formats.values();
  const fingerprint = await fingerprintOf(dataset, formats, settings, options);
  const directory = options.byFingerprint
    ? join(target, fingerprint.slice(0, 16))
    : target;
  const same = await findSame(directory, fingerprint);
  if (same) {
    for (const split of dataset.values()) {
      if (!Object.hasOwn(same.splits, split.name)) {
        onWarning?.(unlabelled(split));
      }
    }
    return {
      directory,
      manifest: same,
      columns,
      reused: true,
      replaced: false,
      numbered: Object.values(same.splits).some(({ numbered }) => numbered),
    };
  }
  const replaced = await checkReplaceable(directory);
  if (replaced && !options.overwrite) {
    await refuseOtherSources(directory, settings);
  }
  using pool = new EncodePool(
    {
      vocabulary: await readRegularText(vocabularyFile),
      text,
    },
    options.workers ?? Math.min(navigator.hardwareConcurrency, 4),
  );
  let numbered = false;
  const seen: SeenSplits = new Map();
  const makers = dataset.values().map((split) => {
    const make = async (): Promise<EncodedSplit | null> => {
      const shared = { ...options, formats, seen };
      const encoded = await encodeSplit(split, pool, shared);
      if (encoded === null) leaveOut(split, onWarning);
      else numbered ||= encoded.numbered;
      return encoded;
    };
    return [split.name, make] as const;
  });
  const tables = join(folder, "tables");
  const manifest = await writeTableDir(tables, new Map(makers), {
    ...settings,
    fingerprint,
  });
  await moveTableDir(tables, directory);
  return { directory, manifest, columns, reused: false, replaced, numbered };
}

/** The data set, and its labels if the model has none of its own. */
async function openLabelled(
  spoolFolder: string,
  options: PrepareTablesOptions,
): Promise<{ dataset: Dataset; labels: string[] }> {
  const { data, dataLabels, usualLabels, signal, onWarning } = options;
  const given = options.labels ?? dataLabels;
  const dataset = await openDataset(data, {
    ...options,
    labels: given ?? [],
    spoolFolder,
  });
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

/** Only what is measured can be left out. */
function leaveOut(
  split: Split,
  onWarning: PrepareTablesOptions["onWarning"],
): void {
  if (split.name !== "train") {
    onWarning?.(unlabelled(split));
    return;
  }
  throw badData(
    { path: split.files[0].shown },
    'none of its examples has a gold label for the split "train"',
    { hint: "predict classifies examples without labels" },
  );
}

function unlabelled({ name, files: [{ shown }] }: Split): WarningEvent {
  return {
    event: "warning",
    code: "unlabelled-split",
    message: `The split "${name}" is left out: "${shown}" has no labels`,
    hint: "predict classifies examples without labels",
  };
}

/** How text becomes tokens, in the order in which it is written. */
function recipeOf(
  { rules, tokenizer, maxLength, truncation, sentences }: PrepareTablesOptions,
): TextRecipe {
  const { kind, lowerCase } = tokenizer;
  return {
    rules: rules ?? newestRules(kind),
    tokenizer: { kind, lowerCase },
    maxLength,
    truncation,
    ...(sentences === undefined ? {} : { sentences }),
  };
}

/** SHA-256 of a file, as it must be if that was recorded. */
async function digestOf({ path, shown }: DataFile): Promise<string> {
  const read = (path: string) =>
    digestFile(path, "sha256").catch((cause) => {
      throw badData({ path: shown }, reasonOf(cause, shown), { cause });
    });
  return await readAsRecorded(path, read, (digest) => digest);
}

/** SHA-256 over the sources, the settings and what is taken of the sources. */
async function fingerprintOf(
  dataset: Dataset,
  formats: FileFormats,
  { text, vocabulary, labels }: TableSettings,
  { limit, testFraction, devFraction, onBadRow, dataLabels }:
    PrepareTablesOptions,
): Promise<string> {
  const sources: Record<string, unknown> = {};
  const digests = new Map<string, string>();
  for (const { name, files, only } of dataset.values()) {
    const ofFiles = [];
    for (const file of files) {
      const { path } = file;
      const digest = digests.get(path) ?? await digestOf(file);
      digests.set(path, digest);
      // The same bytes are read in another way under another name.
      ofFiles.push({ digest, format: decisive(formats.get(path)!), only });
    }
    sources[name] = ofFiles.length === 1 ? ofFiles[0] : ofFiles;
  }
  const taken = { limit, testFraction, devFraction, onBadRow, dataLabels };
  // In the layout of the first version: the same tables keep their
  // fingerprints, and runs that were begun on them can go on.
  const settings = {
    tokenizer: {
      ...text.tokenizer,
      vocabulary: vocabulary.digest,
      size: vocabulary.size,
    },
    maxLength: text.maxLength,
    truncation: text.truncation,
    labels,
    hypothesisOnly: text.sentences === "hypothesis-only",
    rules: text.rules === 1 ? undefined : text.rules,
  };
  const all = { format: 2, sources, settings, ...taken };
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

/** The files of all splits, each once. */
function sourcesOf(dataset: Dataset): string[] {
  const files = dataset.values().flatMap(({ files }) => files);
  return [...new Set(files.map(({ shown }) => shown))].sort();
}

/** Keeps what was made of other files: nobody may have meant this directory. */
async function refuseOtherSources(
  directory: string,
  { sources = [] }: TableSettings,
): Promise<void> {
  let old: string[] | undefined;
  try {
    old = (await readTableDir(directory)).manifest.sources;
  } catch (error) {
    // What is damaged is of no use to anybody.
    if (error instanceof UserError && error.code === "bad-table") return;
    throw error;
  }
  const same = old?.join("\n") === sources.join("\n");
  if (same && !sources.includes(STANDARD_INPUT_NAME)) return;
  throw new UserError(
    `Cannot write encoded data to "${directory}": it holds those of ${
      old ? showFiles(old) : "other data or of an earlier version"
    }, expected those of ${showFiles(sources)} or none`,
    {
      code: "table-exists",
      hint: "--out names another directory, --overwrite replaces it",
    },
  );
}

function showFiles(files: readonly string[]): string {
  const [first, ...more] = files;
  return `"${first}"` + (more.length > 0 ? ` and ${more.length} more` : "");
}

/** What the directory holds, if that is of this fingerprint and undamaged. */
async function findSame(
  directory: string,
  fingerprint: string,
): Promise<TableManifest | null> {
  try {
    const { manifest, open } = await readTableDir(directory);
    if (manifest.fingerprint !== fingerprint) return null;
    // Earlier programs kept none, and what was lost is told each time.
    if (Object.values(manifest.splits).some((s) => !s.figures)) return null;
    for (const split of Object.keys(manifest.splits)) await open(split);
    return manifest;
  } catch (error) {
    if (error instanceof UserError && error.code === "bad-table") return null;
    throw error;
  }
}
