/**
 * Data sets as directories with one or more files for each split.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { tellKind } from "../../base/files/directory_kind.ts";
import { badData } from "../read/bad_data.ts";
import { EXTENSIONS } from "../read/format/file_names.ts";
import { readFirstLine } from "../read/pieces.ts";
import { splitAtEnd, splitRank } from "./split_names.ts";

/** A file whose name says which split it is, or a part of. */
interface SplitFile {
  /** The path. */
  path: string;
  /** The split that its name ends in. */
  split: string;
  /** The name without extension and number. */
  stem: string;
  /** As `.csv`. */
  kind: string;
  /** Which of how many files it is, as `train-00000-of-00002`. */
  shard: { index: number; count: number } | null;
}

/** A file or folder that is not read, and why. */
export interface PassedOver {
  /** Its path. */
  path: string;
  /** Why, as a clause about it. */
  why: string;
}

/** What a directory holds. */
export interface SplitFiles {
  /** The paths of each split's files in order; `train` first, `test` last. */
  splits: [split: string, paths: string[]][];
  /** What might be data and is not read. */
  passedOver: PassedOver[];
}

const FILE_NAME =
  /^(.+?)(?:-(\d{5})-of-(\d{5})(?:-[0-9a-f]+)?)?(\.[a-z]+)(?:\.gz)?$/i;

/** What somebody may take for data. */
const LIKE_DATA =
  /\.(?:txt|jsonl|ndjson|json|tsv|csv|parquet|arrow|xlsx?|zip)(?:\W|$)/i;

/** What stands beside data, or is of the system. */
const NO_DATA =
  /^(?:\.|__MACOSX|_SUCCESS|Icon|readme|licen[cs]e|notice|citation|changelog|dataset_infos?\.)/i;

/** These archives hold the same rows as text and as JSON lines. */
const TWO_FORMATS = /^(?:snli|multinli)_/;

/**
 * The files of a directory that hold splits, by their names: `train`, `dev`
 * (or `val`, `valid`, `validation`) and `test` (or `eval`, `evaluation`), as
 * `train.csv`, `snli_1.0_dev.txt` or `test-00000-of-00002.jsonl`. Without such
 * files they are looked for in its folder `data`, as on the Hugging Face hub.
 *
 * @param directory The directory.
 * @return The files of each split, and what is passed over.
 * @throws {UserError} `bad-data` if there are none, if one of several is
 * missing, or if it cannot be told which file is the split.
 */
export async function findSplitFiles(directory: string): Promise<SplitFiles> {
  const { files, folders, passedOver } = await look(directory);
  if (files.length === 0) return await lookBelow(directory, folders);
  for (const folder of folders) {
    if ((await look(folder)).files.length === 0) continue;
    passedOver.push({ path: folder, why: "it is a folder of its own" });
  }
  const tables = await withoutNotes(files, passedOver);
  const splits = Map.groupBy(tables, ({ split }) => split);
  return {
    splits: [...splits].map(([split, files]): [string, string[]] => [
      split,
      takeFiles(directory, split, files),
    ]).sort(([a], [b]) => splitRank(a) - splitRank(b)),
    passedOver,
  };
}

/** What lies in a directory, in the order of names. */
async function look(directory: string): Promise<
  { files: SplitFile[]; folders: string[]; passedOver: PassedOver[] }
> {
  const files: SplitFile[] = [];
  const folders: string[] = [];
  const passedOver: PassedOver[] = [];
  const names = await Array.fromAsync(Deno.readDir(directory), (e) => e.name);
  for (const name of names.sort()) {
    if (NO_DATA.test(name)) continue;
    const path = join(directory, name);
    // The hub's cache has links in place of files.
    const info = await Deno.stat(path).catch(() => null);
    if (info?.isDirectory) {
      folders.push(path);
      continue;
    }
    const file = splitFile(path);
    if (file !== null) files.push(file);
    else if (LIKE_DATA.test(name)) {
      const why = "its name ends in no split's name and extension";
      passedOver.push({ path, why });
    }
  }
  return { files, folders, passedOver };
}

function splitFile(path: string): SplitFile | null {
  const match = FILE_NAME.exec(basename(path));
  if (match === null) return null;
  const [, stem, index, count, extension] = match;
  const kind = extension.toLowerCase();
  const split = splitAtEnd(stem);
  if (split === null || !EXTENSIONS.includes(kind)) return null;
  const shard = index === undefined
    ? null
    : { index: Number(index), count: Number(count) };
  return { path, split, stem, kind, shard };
}

/** The files in the folder `data`; other folders are told by name. */
async function lookBelow(
  directory: string,
  folders: string[],
): Promise<SplitFiles> {
  const filled: string[] = [];
  for (const folder of folders) {
    if ((await look(folder)).files.length > 0) filled.push(folder);
  }
  if (filled.length === 1 && basename(filled[0]).toLowerCase() === "data") {
    return await findSplitFiles(filled[0]);
  }
  if (filled.length === 0) {
    throw badData(
      { path: directory },
      "it has no file whose name ends in train, dev (val, valid, validation) " +
        `or test (eval, evaluation) and ${EXTENSIONS.join(", ")}` +
        await tellKind(directory),
      { hint: "name each file, as --data train=A.csv --data test=B.csv" },
    );
  }
  const names = filled.map((folder) => basename(folder)).join(", ");
  throw badData(
    { path: directory },
    `it has no files of splits itself, but ${
      filled.length === 1 ? "a folder" : "folders"
    } with some: ${names}`,
    {
      hint: `name one folder, as --data ${filled[0]}, or each file, as ` +
        "--data train=A.jsonl --data dev=B.jsonl",
    },
  );
}

/** Beside other kinds, a `.txt` file is a table only if its lines have cells. */
async function withoutNotes(
  files: SplitFile[],
  passedOver: PassedOver[],
): Promise<SplitFile[]> {
  if (files.every(({ kind }) => kind === ".txt")) return files;
  const tables: SplitFile[] = [];
  for (const file of files) {
    const { path, kind } = file;
    const line = kind === ".txt"
      ? await readFirstLine({ path, shown: path })
      : null;
    if (kind === ".txt" && !line?.includes(TAB)) {
      passedOver.push({ path, why: "its first line has no columns" });
    } else tables.push(file);
  }
  return tables;
}

const TAB = 9;

/** The files of one split in their order. */
function takeFiles(
  directory: string,
  split: string,
  files: SplitFile[],
): string[] {
  const [first] = files.toSorted((a, b) =>
    EXTENSIONS.indexOf(a.kind) - EXTENSIONS.indexOf(b.kind)
  );
  const copies = TWO_FORMATS.test(first.stem) &&
    files.every(({ stem }) => stem === first.stem);
  const taken = copies ? [first] : files;
  const [{ shard }] = taken;
  if (taken.length === 1 && shard === null) return [first.path];
  const together = shard !== null &&
    taken.every((file) =>
      file.stem === first.stem && file.kind === first.kind &&
      file.shard?.count === shard.count
    );
  if (!together) {
    const names = taken.map(({ path }) => basename(path)).join(" and ");
    throw badData(
      { path: directory },
      `${names} are both the split "${split}"`,
      {
        hint: `name the one that is meant, as --data ${split}=${taken[0].path}`,
      },
    );
  }
  return takeShards(directory, taken);
}

/** All of a split's files must be there. */
function takeShards(directory: string, files: SplitFile[]): string[] {
  const [{ path, shard }] = files;
  const paths = new Map(files.map((file) => [file.shard!.index, file.path]));
  const missing = Array.from({ length: shard!.count }, (_, index) => index)
    .filter((index) => !paths.has(index));
  if (missing.length > 0 || paths.size < files.length) {
    throw badData(
      { path: directory },
      missing.length > 0
        ? `of the ${shard!.count} files as ${
          basename(path)
        }, ${missing.length} are missing, the first of them number ${
          missing[0]
        } (from 0)`
        : `two files have the same number as ${basename(path)}`,
      { hint: "fetch the whole data set, or name each file that is meant" },
    );
  }
  return [...paths].sort(([a], [b]) => a - b).map(([, path]) => path);
}
