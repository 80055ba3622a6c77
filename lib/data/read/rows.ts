/**
 * Rows of data files: what they have under the names that are read.
 *
 * @module
 */
import { RowError } from "./bad_data.ts";
import { notUtf8, splitPlain, splitQuoted } from "./cells.ts";
import type { FieldNames } from "./columns/field_names.ts";
import type { Line } from "./decode_lines.ts";
import type { RawExample } from "./example.ts";
import type { JsonFormat, RowFormat, TableFormat } from "./format/formats.ts";
import { type JsonObject, parseJsonRow, parseObject } from "./jsonl.ts";
import { isOfSplit, type RowsOfSplit } from "./rows_of_split.ts";
import { holdsParses, textOfParse } from "./snli.ts";

/** Which rows, and how much of them. */
interface RowsOptions {
  /** Which rows to read where a column tells the split; all if absent. */
  only?: RowsOfSplit | undefined;
  /** Whether whole rows are wanted, not only what is read of them. */
  whole?: boolean;
}

/**
 * The rows of some lines.
 *
 * @param lines Whole rows; a table's header must be blank.
 * @param format How they are written.
 * @param options Which rows, and how much of them.
 * @return The line of each row, from 0, and what reads the row: null if it is
 * of another split. It throws a {@link RowError} if the row is not as it should
 * be.
 */
export function* rowsOf(
  lines: readonly Line[],
  format: RowFormat,
  { only, whole = false }: RowsOptions = {},
): Generator<[sourceLine: number, read: () => RawExample | null]> {
  if (format.kind === "json") {
    for (const [sourceLine, line] of lines.entries()) {
      if (line?.trim() === "") continue;
      yield [sourceLine, () => {
        if (line === null) throw notUtf8();
        return only
          ? rowOfSplit(line, format, only)
          : parseJsonRow(line, format);
      }];
    }
  } else {
    const { delimiter, quoted, ragged, width, header } = format;
    const rows = quoted
      ? splitQuoted(lines, delimiter)
      : splitPlain(lines, delimiter, ragged && !whole ? { most: width } : {});
    const column = only ? header.indexOf(only.column) : -1;
    for (const [sourceLine, cells] of rows) {
      yield [sourceLine, () => {
        if (only) {
          const known = !(cells instanceof RowError) && column < cells.length;
          if (!(known ? isOfSplit(cells[column], only) : only.unreadable)) {
            return null;
          }
        }
        if (cells instanceof RowError) throw cells;
        return pickCells(cells, format);
      }];
    }
  }
}

/** The row of a line, if it is of a split. */
function rowOfSplit(
  line: string,
  format: JsonFormat,
  only: RowsOfSplit,
): RawExample | null {
  let object: JsonObject;
  try {
    object = parseObject(line);
  } catch (error) {
    if (error instanceof RowError && !only.unreadable) return null;
    throw error;
  }
  return isOfSplit(object[only.column], only)
    ? parseJsonRow(line, format)
    : null;
}

function pickCells(cells: string[], format: TableFormat): RawExample {
  const { fields, columns, width, ragged } = format;
  if (cells.length > 1 && cells.every(isBlank)) {
    throw new RowError("all its cells are blank", {
      hint: "leave the row out",
    });
  }
  if (cells.length !== width && !ragged) checkWidth(cells, width);
  if (cells.length < width && ragged) throw wrongWidth(cells, width, true);
  const { premise, hypothesis, label } = columns;
  return {
    fields,
    sentences: [cells[premise], hypothesis === null ? null : cells[hypothesis]],
    label: label === null ? null : cells[label],
    others: () => otherCells(cells, format),
  };
}

/** The cells of a row that are no sentences, by the names of their columns. */
function otherCells(
  cells: readonly string[],
  { header, columns: { premise, hypothesis } }: TableFormat,
): Record<string, unknown> {
  const others = header.map((name, i) => [name, cells[i]] as const)
    .filter(([name, cell], i) =>
      i !== premise && i !== hypothesis && cell !== undefined &&
      !(name === "" && cell === "")
    );
  return Object.fromEntries(others);
}

/** Blank cells at the end are what spreadsheets leave of empty columns. */
function checkWidth(cells: readonly string[], width: number): void {
  const more = cells.slice(width);
  if (cells.length > width && more.every(isBlank)) return;
  throw wrongWidth(cells, width, false);
}

function wrongWidth(
  cells: readonly string[],
  width: number,
  ragged: boolean,
): RowError {
  return new RowError(
    `it has ${cells.length} columns, expected ` +
      (ragged ? `at least ${width}` : width),
    {
      hint: cells.length < width
        ? "the file may be cut short"
        : "a cell that holds the delimiter must be quoted",
    },
  );
}

/**
 * The sentences of a row, out of their parses.
 *
 * @param raw The row.
 * @param format How it is written.
 * @throws {RowError} If a sentence is blank.
 */
export function takeSentences(
  { fields, sentences }: RawExample,
  format: RowFormat,
): RawExample["sentences"] {
  // SNLI's own files are taken as the book takes them.
  if (!isRagged(format)) checkSentences(sentences, fields);
  const [first, second] = sentences;
  return [
    cleaned(first, fields.premise),
    second === null ? null : cleaned(second, fields.hypothesis!),
  ];
}

function isRagged(format: RowFormat): boolean {
  return format.kind === "table" && format.ragged;
}

/** Each sentence that the file's fields promise must be there. */
function checkSentences(
  [first, second]: RawExample["sentences"],
  fields: FieldNames,
): void {
  const noFirst = isBlank(first);
  if (!noFirst && (second === null || !isBlank(second))) return;
  throw new RowError(
    "it is blank, expected " +
      (second === null ? "a sentence" : "one of the two sentences of a pair"),
    {
      column: noFirst ? fields.premise : fields.hypothesis!,
      hint: "leave the row out, or write the sentence",
    },
  );
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

function cleaned(sentence: string, field: string): string {
  return holdsParses(field) ? textOfParse(sentence) : sentence;
}
