/**
 * How the rows of one file are written.
 *
 * @module
 */
import { extname } from "@std/path";
import { badData, RowError } from "./bad_data.ts";
import type { DataFile } from "./blocks.ts";
import { notUtf8, splitPlain, splitQuoted } from "./cells.ts";
import { decodeLines } from "./decode_lines.ts";
import {
  type FieldNames,
  findFields,
  type GivenFields,
} from "./field_names.ts";
import { LONGEST_ROW, readFirstLine } from "./pieces.ts";
import { SNLI_COLUMNS, SNLI_FIELDS, SNLI_LEAST_COLUMNS } from "./snli.ts";

/** A JSON object a line. */
export interface JsonFormat {
  /** Tells the formats apart. */
  kind: "json";
  /** Names that the user gives. */
  given: GivenFields;
}

/** A table whose first line names the columns. */
export interface TableFormat {
  /** Tells the formats apart. */
  kind: "table";
  /** What separates cells, one ASCII character. */
  delimiter: string;
  /** Whether cells may be quoted, as RFC 4180 has it. */
  quoted: boolean;
  /** Names of the columns that are read. */
  fields: FieldNames;
  /** Their indices in a row. */
  columns: { premise: number; hypothesis: number | null; label: number };
  /** Cells of a row. */
  width: number;
  /** Whether a row may have more of them, which are not looked at. */
  ragged: boolean;
}

/** How the rows of a file are written: the same for all its pieces. */
export type RowFormat = JsonFormat | TableFormat;

/** What the user says of a file. */
export interface FormatOptions {
  /** Names of the fields; those that are missing are found. */
  fields?: GivenFields | undefined;
  /** What separates a table's cells, one ASCII character. */
  delimiter?: string | undefined;
  /**
   * Whether a table's cells may be quoted as RFC 4180 has it. `auto`: yes, but
   * in tab-separated tables only if their header is quoted.
   */
  quoting?: "auto" | "csv" | "none" | undefined;
}

/** What the end of a file's name says, less `.gz`. */
type Kind = "snli" | "json" | "csv" | "tsv";

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
 * from its first line.
 *
 * @param file The file.
 * @param options What the user says of it.
 * @throws {UserError} `bad-data` if its header lacks what is needed.
 */
export async function findFormat(
  file: DataFile,
  options: FormatOptions,
): Promise<RowFormat> {
  const { shown: path } = file;
  const bytes = await readFirstLine(file);
  if (bytes === null) throw badData({ path }, "it is empty");
  const [line = ""] = decodeLines(bytes, { first: true });
  const kind = KINDS[extensionOf(path)] ?? guessKind(line ?? "");
  if (kind === "json") return { kind, given: options.fields ?? {} };
  try {
    if (line === null) throw notUtf8();
    if (bytes.length === LONGEST_ROW) {
      throw new RowError(`it is longer than ${LONGEST_ROW} bytes`);
    }
    return readHeader(line, kind, options);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    const { sourceLine, column, what, hint } = error.at(1);
    throw badData({ path, sourceLine, column }, what, {
      hint: hint ?? "the first line must name the columns",
    });
  }
}

/** The end of a file's name, as `.csv`; that of `a.csv.gz` too. */
function extensionOf(path: string): string {
  return extname(path.replace(/\.gz$/i, "")).toLowerCase();
}

function guessKind(line: string): Kind {
  if (line.trimStart().startsWith("{")) return "json";
  if (line.startsWith(SNLI_COLUMNS.join("\t"))) return "snli";
  return line.includes("\t") ? "tsv" : "csv";
}

function readHeader(
  line: string,
  kind: "snli" | "csv" | "tsv",
  options: FormatOptions,
): TableFormat {
  const delimiter = options.delimiter ?? (kind === "csv" ? "," : "\t");
  const quoted = mayQuote(line, kind, { ...options, delimiter });
  const [row] = (quoted ? splitQuoted : splitPlain)([line], delimiter);
  const header = row?.[1] ?? [];
  if (header instanceof RowError) throw header;
  if (header.length < 2) {
    throw new RowError("it has one column, expected at least two", {
      hint: "--delimiter gives what separates the columns",
    });
  }
  const usual: GivenFields = kind === "snli" ? SNLI_FIELDS : {};
  const fields = findFields(header, {
    premise: options.fields?.premise ?? usual.premise,
    hypothesis: options.fields?.hypothesis ?? usual.hypothesis,
    label: options.fields?.label ?? usual.label,
  });
  const { premise, hypothesis, label } = fields;
  const indexOf = (name: string) => {
    const index = header.indexOf(name);
    if (index === header.lastIndexOf(name)) return index;
    throw new RowError("there are two of that name", { column: name });
  };
  const columns = {
    premise: indexOf(premise),
    hypothesis: hypothesis === null ? null : indexOf(hypothesis),
    label: indexOf(label),
  };
  const ragged = kind === "snli";
  const least = [
    SNLI_LEAST_COLUMNS,
    ...Object.values(columns).map((i) => i! + 1),
  ];
  return {
    kind: "table",
    delimiter,
    quoted,
    fields,
    columns,
    width: ragged ? Math.min(Math.max(...least), header.length) : header.length,
    ragged,
  };
}

/** SNLI's files and most tab-separated ones have quotes as they come. */
function mayQuote(
  header: string,
  kind: "snli" | "csv" | "tsv",
  { delimiter, quoting = "auto" }: FormatOptions & { delimiter: string },
): boolean {
  if (quoting !== "auto") return quoting === "csv";
  if (kind === "snli") return false;
  return delimiter !== "\t" || /^"[^"]*"(\t"[^"]*")*$/.test(header);
}
