/**
 * What the name of a file says of how it is written.
 *
 * @module
 */
import { extname } from "@std/path";
import { badData } from "../bad_data.ts";
import type { DataFile } from "../blocks.ts";
import type { Kind } from "./formats.ts";

const KINDS: Record<string, Kind> = {
  ".txt": "snli",
  ".jsonl": "json",
  ".ndjson": "json",
  ".json": "json",
  ".csv": "csv",
  ".tsv": "tsv",
  ".parquet": "parquet",
};

/**
 * The endings of names that are read. Where the same rows lie there in several
 * formats, the first is taken.
 */
export const EXTENSIONS: readonly string[] = Object.keys(KINDS);

/** What to do about files of other kinds. */
const HINTS: Record<string, string> = {
  ".xlsx": "save the sheet as CSV in UTF-8",
  ".xls": "save the sheet as CSV in UTF-8",
  ".ods": "save the sheet as CSV in UTF-8",
  ".zip": "unpack it, or give --data the archive alone, without SPLIT=",
  ".arrow": "write it as Parquet, as pandas' to_parquet does",
  ".feather": "write it as Parquet, as pandas' to_parquet does",
};

/**
 * How a file is written by its name.
 *
 * @param path What messages call it.
 * @return Undefined if its name does not tell.
 */
export function kindOfName(path: string): Kind | undefined {
  return KINDS[extensionOf(path)];
}

/**
 * Whether a file's name tells how it is written.
 *
 * @param file The file.
 * @throws {UserError} `bad-data` if it ends in anything else.
 */
export function checkExtension({ shown: path }: DataFile): void {
  const extension = extensionOf(path);
  if (extension in KINDS) return;
  throw badData(
    { path },
    `its name ends in ${
      extension === "" ? "no format's name" : `"${extension}"`
    }, expected ${EXTENSIONS.join(", ")}, or one of them and .gz`,
    { hint: HINTS[extension] },
  );
}

/**
 * Refuses a file whose name says that it is of another program: a workbook is a
 * zip archive too, and must not be unpacked as one.
 *
 * @param path The file.
 * @throws {UserError} `bad-data` saying what to do.
 */
export function refuseOtherName(path: string): void {
  const extension = extensionOf(path);
  if (extension in HINTS && extension !== ".zip") {
    checkExtension({ path, shown: path });
  }
}

/** The end of a file's name, as `.csv`; that of `a.csv.gz` too. */
function extensionOf(path: string): string {
  return extname(path.replace(/\.gz$/i, "")).toLowerCase();
}
