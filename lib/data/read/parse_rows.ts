/**
 * From a piece of a data file to its examples.
 *
 * @module
 */
import { type BadRow, RowError } from "./bad_data.ts";
import { notUtf8, splitPlain, splitQuoted } from "./cells.ts";
import type { FieldNames } from "./columns/field_names.ts";
import { decodeLines, type Line } from "./decode_lines.ts";
import type { Example, RawExample } from "./example.ts";
import { isNumber, type LabelNames, parseGoldLabel } from "./gold_label.ts";
import { type JsonObject, parseJsonRow, parseObject } from "./jsonl.ts";
import type { JsonFormat, RowFormat, TableFormat } from "./format/formats.ts";
import { isOfSplit, type RowsOfSplit } from "./rows_of_split.ts";
import { holdsParses, textOfParse } from "./snli.ts";

/** How {@link parseRows} reads. */
export interface ParseOptions extends LabelNames {
  /** How the rows are written. */
  format: RowFormat;
  /** Whether the file begins here, with a table's header. */
  first: boolean;
  /** Whether every row must have a hypothesis. */
  hypothesisOnly?: boolean | undefined;
  /** Which rows to read where a column tells the split; all if absent. */
  only?: RowsOfSplit | undefined;
}

/** What a piece holds. */
export interface ParsedRows {
  /** How many lines it has. */
  lines: number;
  /** Its examples in order. */
  examples: Example[];
  /** Its rows that are not as they should be, in order, from line 0. */
  bad: BadRow[];
  /** Whether any label is a number. */
  numbered: boolean;
}

/**
 * Reads the rows of a piece.
 *
 * @param bytes Whole rows.
 * @param options How they are written.
 *
 * @example
 * ```ts
 * import { parseRows } from "./parse_rows.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode('{"premise": "A dog", "label": 0}\n!');
 * const labels = ["entailment", "contradiction", "neutral"];
 * const { lines, examples, bad } = parseRows(bytes, {
 *   format: {
 *     kind: "json",
 *     container: "lines",
 *     fields: { premise: "premise", hypothesis: null, label: "label" },
 *     seconds: [],
 *   },
 *   first: true,
 *   labels,
 *   numbered: labels,
 * });
 * assertEquals(lines, 2);
 * assertEquals(examples, [
 *   { premise: "A dog", hypothesis: null, label: 0, sourceLine: 0 },
 * ]);
 * assertEquals(bad.map(({ sourceLine }) => sourceLine), [1]);
 * ```
 */
export function parseRows(
  bytes: Uint8Array,
  options: ParseOptions,
): ParsedRows {
  const { format, first } = options;
  const lines = decodeLines(bytes, { first });
  const parsed: ParsedRows = {
    lines: lines.length,
    examples: [],
    bad: [],
    numbered: false,
  };
  // The header's lines stay, so that rows have their numbers.
  if (first && format.kind === "table") lines.fill("", 0, format.headerLines);
  for (const [sourceLine, read] of rowsOf(lines, format, options.only)) {
    try {
      const row = read();
      if (row === null) continue;
      const { fields, sentences, label } = row;
      if (options.hypothesisOnly && sentences[1] === null) {
        throw new RowError("it has no hypothesis", {
          hint: "--hypothesis-only is for pairs",
        });
      }
      // SNLI's own files are taken as the book takes them.
      if (!isRagged(format)) checkSentences(sentences, fields);
      parsed.examples.push({
        premise: cleaned(sentences[0], fields.premise),
        hypothesis: sentences[1] === null
          ? null
          : cleaned(sentences[1], fields.hypothesis!),
        label: fields.label === null
          ? null
          : parseGoldLabel(label, options, fields.label),
        sourceLine,
      });
      parsed.numbered ||= isNumber(label);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      parsed.bad.push(error.at(sourceLine));
    }
  }
  return parsed;
}

/**
 * The source line of each row, and what reads the row: null if it is of
 * another split.
 */
function* rowsOf(
  lines: Line[],
  format: RowFormat,
  only: RowsOfSplit | undefined,
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
      : splitPlain(lines, delimiter, ragged ? { most: width } : {});
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
  };
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
