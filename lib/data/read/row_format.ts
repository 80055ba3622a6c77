/**
 * Finds out how the rows of one file are written.
 *
 * @module
 */
import { badData, type BadRow, RowError } from "./bad_data.ts";
import { type DataFile, isGzip, readBlocks } from "./blocks.ts";
import { FIELD_FLAGS } from "./columns/named_columns.ts";
import { decodeLines, type Line } from "./decode_lines.ts";
import { kindOfName } from "./format/file_names.ts";
import { isParquet, refuseForeign } from "./format/foreign.ts";
import type {
  Container,
  FormatOptions,
  Kind,
  RowFormat,
  TableFormat,
} from "./format/formats.ts";
import { readJsonHead } from "./format/json_head.ts";
import { containerOf } from "./format/json_layout.ts";
import {
  hasParses,
  isSnliHeader,
  readTableHeader,
} from "./format/table_header.ts";
import { findQuotes } from "./format/tsv_quotes.ts";
import { readText } from "./open_pieces.ts";
import { LONGEST_ROW, readHead } from "./pieces.ts";

export type {
  FormatOptions,
  JsonFormat,
  RowFormat,
  TableFormat,
} from "./format/formats.ts";

/**
 * Finds out how a file is written: from its name, or if that tells nothing,
 * from its first line; and which fields it has, from its first rows.
 *
 * @param file The file.
 * @param options What the user says of it.
 * @throws {UserError} `bad-data` if it is no text, it lacks a field that is
 * needed, or it is not clear which it is.
 */
export async function findFormat(
  file: DataFile,
  options: FormatOptions,
): Promise<RowFormat> {
  const { shown: path } = file;
  const head = await readHead(readBlocks(file));
  if (head === null) throw badData({ path }, "it is empty");
  const container = containerIn(path, head);
  if (container === "array" || container === "parquet") {
    const rows = await readHead(readText(file, container));
    const start = rows ?? new Uint8Array(0);
    return jsonFormat(path, start, { container, options });
  }
  const format = formatOfStart(path, head, options);
  if (format.kind === "json" || format.delimiter !== "\t") return format;
  return await withQuotes(file, format, { head, options });
}

/**
 * Finds out how a file is written from its start alone: JSON lines, or a table
 * whose quotes need no look at all of it.
 *
 * @param path What messages call it.
 * @param head Its first lines.
 * @param options What the user says of it.
 * @throws {UserError} As {@link findFormat} does.
 */
export function formatOfStart(
  path: string,
  head: Uint8Array,
  options: FormatOptions,
): RowFormat {
  containerIn(path, head);
  const kind = kindOfName(path) ??
    guessKind(decodeLines(head, { first: true }));
  if (kind === "json" || kind === "parquet") {
    return jsonFormat(path, head, { container: "lines", options });
  }
  try {
    return readTableHeader(firstLines(head), kind, options);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    const header = kind === "snli"
      ? "a .txt file has SNLI's columns: let another table's name end in .tsv"
      : "the first line must name the columns";
    const hint = error.hint === FIELD_FLAGS
      ? `${header}; ${FIELD_FLAGS}`
      : error.hint ?? header;
    throw badRow(path, { ...error.at(0), hint }, "line");
  }
}

/**
 * Whether what comes as a stream must be there as a whole before it is read.
 *
 * @param head Its first bytes.
 * @param options What the user says of it.
 */
export function mustBeWhole(
  head: Uint8Array,
  { quoting = "auto" }: FormatOptions,
): boolean {
  if (isGzip(head) || isParquet(head)) return true;
  const [line = ""] = decodeLines(head, { first: true });
  if (line?.trimStart().startsWith("[")) return true;
  return quoting === "auto" && !!line?.includes("\t") &&
    !line.trimStart().startsWith("{") && !isSnliHeader(line);
}

/** What the rows of a file are in, if they are not a table. */
function containerIn(path: string, head: Uint8Array): Container | "table" {
  try {
    refuseForeign(head);
    const named = kindOfName(path);
    const parquet = isParquet(head);
    if (parquet && (named ?? "parquet") !== "parquet") {
      throw new RowError("it is a Parquet file, and its name says otherwise", {
        hint: "let its name end in .parquet",
      });
    }
    if (named === "parquet" && !parquet) {
      throw new RowError("it is no Parquet file", {
        hint: "let its name end in what it is, as .csv or .jsonl",
      });
    }
    if (parquet) return "parquet";
    const kind = named ?? guessKind(decodeLines(head, { first: true }));
    return kind === "json" ? containerOf(head) : "table";
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    throw badData({ path }, error.message, { hint: error.hint });
  }
}

/** The lines of a file's start; a first line that was cut off is refused. */
function firstLines(head: Uint8Array): Line[] {
  const lines = decodeLines(head, { first: true });
  if (lines.length > 1 || head.length < LONGEST_ROW) return lines;
  throw new RowError(`it is longer than ${LONGEST_ROW} bytes`);
}

function jsonFormat(
  path: string,
  head: Uint8Array,
  { container, options }: { container: Container; options: FormatOptions },
): RowFormat {
  const unit = container === "lines" ? "line" : "row";
  try {
    const found = readJsonHead(firstLines(head), options);
    if (found === null) throw badData({ path }, "it has no rows");
    if ("sourceLine" in found) throw badRow(path, found, unit);
    return { kind: "json", container, ...found };
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    throw badRow(path, error.at(0), unit);
  }
}

/** Quotes of a tab-separated file are looked at where nothing tells of them. */
async function withQuotes(
  file: DataFile,
  format: TableFormat,
  { head, options }: { head: Uint8Array; options: FormatOptions },
): Promise<RowFormat> {
  const { quoting = "auto", onWarning } = options;
  const { quoted, header, ragged } = format;
  const told = quoting !== "auto" || quoted || ragged ||
    hasParses(header.join("\t"));
  if (told) return format;
  const quotes = await findQuotes(file, header.length);
  if (quotes === "none" || quotes === "text") return format;
  const taken = quotes === "writer";
  onWarning?.({
    event: "warning",
    code: "quoted-cells",
    message: taken
      ? `"${file.shown}" is read as pandas and spreadsheets write it: the ` +
        'quotes around its cells are left out, and "" in them is one quote'
      : `The quotes around cells of "${file.shown}" are taken as text`,
    hint: taken
      ? "--quoting none takes quotes as text"
      : "--quoting csv leaves them out",
  });
  return taken
    ? formatOfStart(file.shown, head, { ...options, quoting: "csv" })
    : format;
}

/** The error for a row of the first lines, which are counted from 0. */
function badRow(path: string, row: BadRow, unit: "line" | "row"): Error {
  const { sourceLine, column, what, hint } = row;
  const location = { path, sourceLine: sourceLine + 1, column, unit };
  return badData(location, what, { hint });
}

function guessKind(lines: readonly Line[]): Kind {
  const line = lines.find((line) => line?.trim() !== "") ?? "";
  if (/^\s*[{[]/.test(line)) return "json";
  if (isSnliHeader(line)) return "snli";
  return line.includes("\t") ? "tsv" : "csv";
}
