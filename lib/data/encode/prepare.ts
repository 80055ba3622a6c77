/**
 * From a data set and a model's vocabulary to a directory of encoded data.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { toDisk } from "../../base/files/system_error.ts";
import { withWorkFolder } from "../../base/files/work_folder.ts";
import type { WarningEvent } from "../../events/events.ts";
import { openVocabulary } from "../../text/open_tokenizer.ts";
import { tokenizerOptions } from "../../text/recipe.ts";
import { badData } from "../read/bad_data.ts";
import type { FieldNames } from "../read/columns/field_names.ts";
import type { Dataset, Split } from "../sources/dataset.ts";
import { openLabelled } from "../sources/labelled_dataset.ts";
import { moveTableDir } from "../table/move_table_dir.ts";
import { checkReplaceable, writeTableDir } from "../table/table_dir.ts";
import type { TableManifest, TableSettings } from "../table/table_manifest.ts";
import { findSame, refuseOtherSources } from "./earlier_table.ts";
import { type EncodedSplit, encodeSplit } from "./encode.ts";
import { EncodePool } from "./encode_pool.ts";
import type { SeenSplits } from "./figure_counter.ts";
import { type FileFormats, findFormats } from "./file_formats.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { PrepareTablesOptions } from "./prepare_options.ts";
import { settingsOf } from "./table_settings.ts";

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
  const { dataset, labels } = await openLabelled(options.data, {
    ...options,
    spoolFolder: folder,
  });
  const settings = await settingsOf(dataset, labels, options);
  const formats = await findFormats(dataset, settings.text.sentences);
  const [{ fields: columns }] = formats.values();
  const fingerprint = await fingerprintOf(dataset, formats, settings, options);
  const directory = options.byFingerprint
    ? join(target, fingerprint.slice(0, 16))
    : target;
  const same = await findSame(directory, fingerprint);
  const replaced = same === null && await checkReplaceable(directory);
  if (replaced && !options.overwrite) {
    await refuseOtherSources(directory, settings.sources);
  }
  let manifest = same;
  if (manifest === null) {
    const tables = join(folder, "tables");
    const made = { ...settings, fingerprint };
    manifest = await writeTables(tables, { dataset, formats, made, options });
    await moveTableDir(tables, directory);
  }
  const { splits } = manifest;
  for (const split of dataset.values()) {
    if (Object.hasOwn(splits, split.name)) continue;
    options.onWarning?.(unlabelled(split));
  }
  const numbered = Object.values(splits).some(({ numbered }) => numbered);
  const reused = same !== null;
  return { directory, manifest, columns, reused, replaced, numbered };
}

/** What is written, and how it is read. */
interface TableWork {
  dataset: Dataset;
  formats: FileFormats;
  made: TableSettings & { fingerprint: string };
  options: PrepareTablesOptions;
}

/** Encodes the splits, one after the other. */
async function writeTables(
  directory: string,
  { dataset, formats, made, options }: TableWork,
): Promise<TableManifest> {
  const { text: vocabulary } = await openVocabulary(
    options.vocabularyFile,
    tokenizerOptions(made.text),
  );
  using pool = new EncodePool(
    { vocabulary, text: made.text },
    options.workers ?? Math.min(navigator.hardwareConcurrency, 4),
  );
  const seen: SeenSplits = new Map();
  const makers = dataset.values().map((split) => {
    const make = async (): Promise<EncodedSplit | null> => {
      const shared = { ...options, formats, seen };
      const encoded = await encodeSplit(split, pool, shared);
      if (encoded === null && split.name === "train") throw untrainable(split);
      return encoded;
    };
    return [split.name, make] as const;
  });
  return await writeTableDir(directory, new Map(makers), made);
}

/** Only what is measured can be left out. */
function untrainable({ files: [{ shown: path }] }: Split): UserError {
  return badData(
    { path },
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
