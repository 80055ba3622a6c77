/**
 * Finds out how the rows of one file are written.
 *
 * @module
 */
import { extname } from "@std/path";
import { badData, type BadRow, RowError } from "./bad_data.ts";
import { type DataFile, readBlocks } from "./blocks.ts";
import { FIELD_FLAGS } from "./columns/field_names.ts";
import { decodeLines, type Line } from "./decode_lines.ts";
import type {
  FormatOptions,
  Kind,
  RowFormat,
  TableFormat,
} from "./format/formats.ts";
import { isParquet, refuseForeign } from "./format/foreign.ts";
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
    { hint: HINTS[extension] },
  );
}

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
  let kind: Kind;
  try {
    kind = kindOf(path, head);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    throw badData({ path }, error.message, { hint: error.hint });
  }
  if (kind === "json" || kind === "parquet") {
    return await jsonFormat(file, { kind, head, options });
  }
  try {
    if (head.length === LONGEST_ROW) {
      throw new RowError(`it is longer than ${LONGEST_ROW} bytes`);
    }
    const lines = decodeLines(head, { first: true });
    const format = readTableHeader(lines, kind, options);
    return await withQuotes(file, format, { kind, lines, options });
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    const header = "the first line must name the columns";
    const hint = error.hint === FIELD_FLAGS
      ? `${header}; ${FIELD_FLAGS}`
      : error.hint ?? header;
    throw badRow(path, { ...error.at(0), hint }, "line");
  }
}

/** What a file's rows are counted in. */
export function unitOf(format: RowFormat): "line" | "row" {
  return format.kind === "table" || format.container === "lines"
    ? "line"
    : "row";
}

/** What a file is by its name; it must be that. */
function kindOf(path: string, head: Uint8Array): Kind {
  refuseForeign(head);
  const named = KINDS[extensionOf(path)];
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
  return named ?? guessKind(decodeLines(head, { first: true }));
}

interface JsonFile {
  kind: Kind;
  head: Uint8Array;
  options: FormatOptions;
}

async function jsonFormat(
  file: DataFile,
  { kind, head, options }: JsonFile,
): Promise<RowFormat> {
  let unit: "line" | "row" = "line";
  try {
    const container = kind === "parquet" ? kind : containerOf(head);
    if (container !== "lines") unit = "row";
    const bytes = container === "lines"
      ? head
      : await readHead(readText(file, container)) ?? new Uint8Array(0);
    const lines = decodeLines(bytes, { first: true });
    const found = readJsonHead(lines, options);
    if (found === null) throw badData({ path: file.shown }, "it has no rows");
    if ("sourceLine" in found) throw badRow(file.shown, found, unit);
    return { kind: "json", container, ...found };
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    throw badRow(file.shown, error.at(0), unit);
  }
}

/** Quotes of a tab-separated file are looked at where nothing tells of them. */
async function withQuotes(
  file: DataFile,
  format: TableFormat,
  { kind, lines, options }: {
    kind: Kind;
    lines: readonly Line[];
    options: FormatOptions;
  },
): Promise<TableFormat> {
  const { quoting = "auto", onWarning } = options;
  const { delimiter, quoted, header } = format;
  const told = quoting !== "auto" || kind !== "tsv" || delimiter !== "\t" ||
    quoted || hasParses(header.join("\t"));
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
    ? readTableHeader(lines, "tsv", { ...options, quoting: "csv" })
    : format;
}

/** The error for a row of the first lines, which are counted from 0. */
function badRow(path: string, row: BadRow, unit: "line" | "row"): Error {
  const { sourceLine, column, what, hint } = row;
  const location = { path, sourceLine: sourceLine + 1, column, unit };
  return badData(location, what, { hint });
}

/** The end of a file's name, as `.csv`; that of `a.csv.gz` too. */
function extensionOf(path: string): string {
  return extname(path.replace(/\.gz$/i, "")).toLowerCase();
}

function guessKind(lines: readonly Line[]): Kind {
  const line = lines.find((line) => line?.trim() !== "") ?? "";
  if (/^\s*[{[]/.test(line)) return "json";
  if (isSnliHeader(line)) return "snli";
  return line.includes("\t") ? "tsv" : "csv";
}
