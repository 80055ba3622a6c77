/**
 * A directory of encoded data: `table.json` says what was encoded and how,
 * `train.arrow`, `test.arrow` and so on hold the splits, and lists as
 * `train.skipped.jsonl` tell which rows were skipped.
 *
 * @module
 */
import { join } from "@std/path";
import { createHash } from "node:crypto";
import { UserError } from "../../base/errors.ts";
import { digestFile } from "../../base/files/digest.ts";
import { replaceFile, writeSynced } from "../../base/files/files.ts";
import { kindOf } from "../../base/files/kind_of.ts";
import { readRegular } from "../../base/files/regular.ts";
import { askForName } from "../../base/near_name.ts";
import type { SplitFigures } from "../../events/events.ts";
import type { Sentences } from "../../text/pair.ts";
import type { SkippedRows } from "./skipped_rows.ts";
import type { Table, TableColumns } from "./table.ts";
import {
  badTableDir,
  encodeManifest,
  MANIFEST,
  readManifest,
  type TableManifest,
  type TableSettings,
} from "./table_manifest.ts";

/** What others call the splits. */
const FOREIGN_SPLITS = {
  validation: ["dev"],
  valid: ["dev"],
  val: ["dev"],
  eval: ["dev", "test"],
  training: ["train"],
  testing: ["test"],
};

const SKIPPED = ".skipped.jsonl";

/** Files that a killed process was writing. */
const UNFINISHED = /^\..*\.tmp$/;

/** A directory of encoded data in which no file is missing. */
export interface TableDir {
  /** Where it is. */
  readonly directory: string;
  /** What it says of itself. */
  readonly manifest: TableManifest;
  /**
   * Reads the table of a split.
   *
   * @throws {UserError} `bad-table` if there is no such split, or the file is
   * not the one that was written.
   */
  open(split: string): Promise<Table>;
}

/** A split to write. */
export interface SplitTable {
  /** Its examples. */
  columns: TableColumns;
  /** Examples left out because they have no gold label. */
  dropped: number;
  /** Rows left out because they are not as they should be. */
  skipped: SkippedRows;
  /** Whether any label was told by its number. */
  numbered?: boolean | undefined;
  /** What is known of its text, and of what was lost, if that was counted. */
  figures?: SplitFigures | undefined;
}

/**
 * Opens a directory of encoded data.
 *
 * @param directory Made by `preprocess`.
 * @return What it says of itself; tables are read when asked for.
 * @throws {UserError} `bad-table` if it is missing, or files of it are, or it
 * is of another version.
 */
export async function readTableDir(directory: string): Promise<TableDir> {
  const manifest = await readManifest(directory);
  for (const split of Object.keys(manifest.splits)) {
    const info = await Deno.stat(tablePath(directory, split)).catch(() => null);
    if (info?.isFile) continue;
    const what = info === null
      ? "is missing"
      : `is ${kindOf(info)}, expected a file`;
    throw badTableDir(directory, `"${split}.arrow" ${what}`);
  }
  manifest.text.sentences ??= await findSentences(directory, manifest);
  return {
    directory,
    manifest,
    open: (split) => openSplit(directory, manifest, split),
  };
}

/** What a table of an earlier version, which doesn't say it, is made of. */
async function findSentences(
  directory: string,
  manifest: TableManifest,
): Promise<Sentences> {
  // The smallest split tells as well as any.
  const [split] = Object.entries(manifest.splits)
    .toSorted(([, a], [, b]) => a.tokens - b.tokens)[0] ?? [""];
  return hasPairs(await openSplit(directory, manifest, split))
    ? "pair"
    : "single";
}

/** Whether any example has a second sentence. */
function hasPairs(
  { second, offsets }: { second: Int32Array; offsets: Int32Array },
): boolean {
  return second.some((at, i) => at < offsets[i + 1] - offsets[i]);
}

/**
 * Writes a directory of encoded data.
 *
 * @param directory The directory to write; it must not exist.
 * @param splits The splits by name, each made only when its turn comes; null
 * is left out.
 * @param options What goes into `table.json` apart from the splits.
 * @return The content of `table.json`.
 */
export async function writeTableDir(
  directory: string,
  splits: ReadonlyMap<string, () => Promise<SplitTable | null>>,
  options: TableSettings & { fingerprint: string },
): Promise<TableManifest> {
  await Deno.mkdir(directory);
  const manifest: TableManifest = {
    format: "premise-table-2",
    ...options,
    splits: {},
  };
  let pairs = false;
  for (const [name, make] of splits) {
    const made = await make();
    if (made === null) continue;
    const { columns, dropped, skipped, numbered, figures } = made;
    pairs ||= hasPairs(columns);
    const path = tablePath(directory, name);
    const { writeTable } = await loadTableFile();
    await writeTable(path, columns);
    if (skipped.count > 0) {
      await writeSynced(skippedPath(directory, name), [skipped.listing]);
    }
    manifest.splits[name] = {
      rows: columns.second.length,
      dropped,
      skipped: skipped.count,
      tokens: columns.tokenIds.length,
      digest: await digestFile(path, "sha256"),
      ...(numbered === undefined ? {} : { numbered }),
      ...(figures && { figures }),
    };
  }
  const sentences = options.text.sentences ?? (pairs ? "pair" : "single");
  manifest.text = { ...options.text, sentences };
  const path = join(directory, MANIFEST);
  await replaceFile(path, encodeManifest(manifest));
  return manifest;
}

/**
 * Makes sure that only what `preprocess` has made is going to be replaced.
 *
 * @param directory The directory that is going to be replaced.
 * @return Whether there is such a directory.
 * @throws {UserError} `bad-usage` if it holds anything else.
 */
export async function checkReplaceable(directory: string): Promise<boolean> {
  let names: string[];
  try {
    names = await Array.fromAsync(Deno.readDir(directory), (e) => e.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  const foreign = names.find((name) =>
    name !== MANIFEST && !name.endsWith(".arrow") && !name.endsWith(SKIPPED) &&
    !UNFINISHED.test(name)
  );
  if (foreign === undefined) return true;
  throw new UserError(
    `Cannot write encoded data to "${directory}": it holds "${foreign}"`,
    { code: "bad-usage", hint: "name a new directory with --out" },
  );
}

/**
 * The path of a split's table.
 *
 * @param directory The directory of encoded data.
 * @param split The split's name.
 */
export function tablePath(directory: string, split: string): string {
  return join(directory, `${split}.arrow`);
}

/**
 * The path of the list of a split's rows that were skipped.
 *
 * @param directory The directory of encoded data.
 * @param split The split's name.
 */
export function skippedPath(directory: string, split: string): string {
  return join(directory, split + SKIPPED);
}

async function openSplit(
  directory: string,
  { splits, vocabulary, labels }: TableManifest,
  split: string,
): Promise<Table> {
  if (!Object.hasOwn(splits, split)) {
    const names = Object.keys(splits);
    throw badTableDir(
      directory,
      `it has no split "${split}", only ${names.join(", ")}` +
        askForName(split, names, { aliases: FOREIGN_SPLITS }),
    );
  }
  const path = tablePath(directory, split);
  const bytes = await readRegular(path);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest !== splits[split].digest) {
    throw badTableDir(
      directory,
      `"${split}.arrow" is not the file that was written, its SHA-256 differs`,
    );
  }
  const { decodeTable } = await loadTableFile();
  const table = decodeTable(path, bytes);
  if (
    table.tokenIds.some((id) => id < 0 || id >= vocabulary.size) ||
    table.labels.some((label) => label < 0 || label >= labels.length)
  ) {
    throw badTableDir(
      directory,
      `"${split}.arrow" has tokens or labels beyond those of "${MANIFEST}"`,
    );
  }
  return table;
}

/** Arrow's library takes a while to load: only what has a table does so. */
function loadTableFile(): Promise<typeof import("./table_file.ts")> {
  return import("./table_file.ts");
}
