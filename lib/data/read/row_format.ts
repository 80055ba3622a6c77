/**
 * Finds out how the rows of one file are written.
 *
 * @module
 */
import { extname } from "@std/path";
import { badData, type BadRow, RowError } from "./bad_data.ts";
import type { DataFile } from "./blocks.ts";
import { decodeLines, type Line } from "./decode_lines.ts";
import type { FormatOptions, Kind, RowFormat } from "./format/formats.ts";
import { readJsonHead } from "./format/json_head.ts";
import { isSnliHeader, readTableHeader } from "./format/table_header.ts";
import { LONGEST_ROW, readHead } from "./pieces.ts";

export type {
  FormatOptions,
  JsonFormat,
  RowFormat,
  TableFormat,
} from "./format/formats.ts";

const KINDS: Record<string, Kind> = {
  ".txt": "snli",
  ".jsonl": "json",
  ".ndjson": "json",
  ".csv": "csv",
  ".tsv": "tsv",
};

/**
 * Whether a file's name tells how it is written.
 *
 * @param file The file.
 * @throws {UserError} `bad-data` if it ends in anything else.
 */
export function checkExtension(file: DataFile): void {
  const extension = extensionOf(file.shown);
  if (extension in KINDS) return;
  throw badData(
    { path: file.shown },
    `its name ends in ${
      extension === "" ? "no format's name" : `"${extension}"`
    }, expected ${Object.keys(KINDS).join(", ")}, or one of them and .gz`,
  );
}

/**
 * Finds out how a file is written: from its name, or if that tells nothing,
 * from its first line; and which fields it has, from its first rows.
 *
 * @param file The file.
 * @param options What the user says of it.
 * @throws {UserError} `bad-data` if it lacks a field that is needed, or it is
 * not clear which it is.
 */
export async function findFormat(
  file: DataFile,
  options: FormatOptions,
): Promise<RowFormat> {
  const { shown: path } = file;
  const bytes = await readHead(file);
  if (bytes === null) throw badData({ path }, "it is empty");
  const lines = decodeLines(bytes, { first: true });
  const kind = KINDS[extensionOf(path)] ?? guessKind(lines);
  try {
    if (kind === "json") return jsonFormat(path, lines, options);
    if (bytes.length === LONGEST_ROW) {
      throw new RowError(`it is longer than ${LONGEST_ROW} bytes`);
    }
    return readTableHeader(lines, kind, options);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    const { hint = "the first line must name the columns" } = error;
    throw badRow(path, { ...error.at(0), hint });
  }
}

function jsonFormat(
  path: string,
  lines: readonly Line[],
  options: FormatOptions,
): RowFormat {
  const format = readJsonHead(lines, options);
  if (format === null) throw badData({ path }, "it has no rows");
  if (!("kind" in format)) throw badRow(path, format);
  return format;
}

/** The error for a row of the first lines, which are counted from 0. */
function badRow(path: string, row: BadRow): Error {
  const { sourceLine, column, what, hint } = row;
  return badData({ path, sourceLine: sourceLine + 1, column }, what, { hint });
}

/** The end of a file's name, as `.csv`; that of `a.csv.gz` too. */
function extensionOf(path: string): string {
  return extname(path.replace(/\.gz$/i, "")).toLowerCase();
}

function guessKind(lines: readonly Line[]): Kind {
  const line = lines.find((line) => line?.trim() !== "") ?? "";
  if (line.trimStart().startsWith("{")) return "json";
  if (isSnliHeader(line)) return "snli";
  return line.includes("\t") ? "tsv" : "csv";
}
