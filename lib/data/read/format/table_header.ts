/**
 * What a table's first lines tell of it.
 *
 * @module
 */
import { RowError } from "../bad_data.ts";
import { notUtf8, splitPlain, splitQuoted } from "../cells.ts";
import type { FieldNames } from "../columns/field_names.ts";
import { findFields } from "../columns/find_fields.ts";
import type { Column } from "../columns/text_columns.ts";
import type { Line } from "../decode_lines.ts";
import {
  holdsParses,
  SNLI_COLUMNS,
  SNLI_FIELDS,
  SNLI_LEAST_COLUMNS,
} from "../snli.ts";
import type { FormatOptions, TableFormat, TextTable } from "./formats.ts";

/** Separators that are looked for where the usual one is not in the header. */
const SEPARATORS = [",", "\t", ";", "|"];

/** As Excel writes and reads it, to say what separates the cells below. */
const SEPARATOR_LINE = /^"?sep=([\t -~])"?$/i;

/**
 * Finds out how a table is written.
 *
 * @param lines Its first lines.
 * @param kind What its name or its first line says.
 * @param options What the user says of it.
 * @throws {RowError} If the header lacks what is needed.
 */
export function readTableHeader(
  lines: readonly Line[],
  kind: TextTable,
  options: FormatOptions,
): TableFormat {
  const told = SEPARATOR_LINE.exec(lines[0] ?? "")?.[1];
  const start = told === undefined ? 0 : 1;
  const line = lines[start];
  if (line === null) throw notUtf8();
  if (line === undefined) throw new RowError("it has no header");
  const usual = kind === "csv" ? "," : "\t";
  const delimiter = options.delimiter ?? told ??
    (kind === "snli" ? usual : separatorOf(line, usual, options));
  const quoted = mayQuote(line, kind, { ...options, delimiter });
  const header = cellsOf(line, delimiter, quoted);
  if (header.length < 2) {
    throw new RowError("it has one column, expected at least two", {
      hint: "--delimiter gives what separates the columns",
    });
  }
  const rows = rowsOf(lines.slice(start + 1), { delimiter, quoted });
  const fields = fieldsOf(header, rows, kind, options);
  const columns = {
    premise: header.indexOf(fields.premise),
    hypothesis: indexOf(header, fields.hypothesis),
    label: indexOf(header, fields.label),
  };
  const ragged = kind === "snli";
  const least = Math.max(
    SNLI_LEAST_COLUMNS,
    ...Object.values(columns).map((index) => (index ?? 0) + 1),
  );
  return {
    kind: "table",
    delimiter,
    quoted,
    header,
    headerLines: start + 1,
    fields,
    columns,
    width: ragged ? Math.min(least, header.length) : header.length,
    ragged,
  };
}

function indexOf(header: readonly string[], name: string | null) {
  return name === null ? null : header.indexOf(name);
}

function fieldsOf(
  header: readonly string[],
  rows: readonly string[][],
  kind: TextTable,
  options: FormatOptions,
): FieldNames {
  const { fields: given = {}, single } = options;
  const usual = kind === "snli" ? SNLI_FIELDS : null;
  const columns = header.map((name, i): Column => ({
    name,
    cells: rows.map((row) => row[i]),
  }));
  return findFields(columns, {
    ...options,
    fields: {
      premise: given.premise ?? usual?.premise,
      hypothesis: given.hypothesis ?? (single ? undefined : usual?.hypothesis),
      label: given.label ?? usual?.label,
    },
  });
}

/**
 * What separates a header's cells: what is usual, unless only another one gives
 * names that are known, or the usual one isn't there and only one other is.
 */
function separatorOf(
  line: string,
  usual: string,
  options: FormatOptions,
): string {
  if (fits(line, usual, options)) return usual;
  const others = SEPARATORS.filter((separator) =>
    separator !== usual && line.includes(separator) &&
    !line.includes(separator.repeat(2))
  );
  const fitting = others.filter((other) => fits(line, other, options));
  if (fitting.length === 1) return fitting[0];
  return line.includes(usual) || others.length !== 1 ? usual : others[0];
}

/** Whether the names are those that are looked for, whatever the cells hold. */
function fits(
  line: string,
  delimiter: string,
  options: FormatOptions,
): boolean {
  try {
    const cells = cellsOf(line, delimiter, delimiter !== "\t");
    const columns = cells.map((name): Column => ({ name, cells: [] }));
    findFields(columns, options);
    return cells.length > 1;
  } catch (error) {
    if (error instanceof RowError) return false;
    throw error;
  }
}

/** SNLI's files and most tab-separated ones have quotes as they come. */
function mayQuote(
  header: string,
  kind: TextTable,
  { delimiter, quoting = "auto" }: FormatOptions & { delimiter: string },
): boolean {
  if (quoting !== "auto") return quoting === "csv";
  if (kind === "snli") return false;
  return delimiter !== "\t" || /^"[^"]*"(\t"[^"]*")*$/.test(header);
}

function cellsOf(line: string, delimiter: string, quoted: boolean): string[] {
  const [row] = (quoted ? splitQuoted : splitPlain)([line], delimiter);
  const cells = row?.[1] ?? [];
  if (cells instanceof RowError) throw cells;
  return cells;
}

/** The rows that are as they should be; the last one may be cut off. */
function rowsOf(
  lines: readonly Line[],
  { delimiter, quoted }: { delimiter: string; quoted: boolean },
): string[][] {
  const rows = (quoted ? splitQuoted : splitPlain)(lines, delimiter);
  return [...rows].map(([, cells]) => cells)
    .filter((cells): cells is string[] => !(cells instanceof RowError));
}

/** Whether a line is a header of binary parses: SNLI's or MultiNLI's. */
export function hasParses(line: string): boolean {
  return line.split("\t").some((name) => holdsParses(name));
}

/** Whether a line begins as the header of SNLI's and MultiNLI's own files. */
export function isSnliHeader(line: string): boolean {
  return line.startsWith(SNLI_COLUMNS.join("\t"));
}
