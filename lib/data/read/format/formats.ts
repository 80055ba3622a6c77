/**
 * How the rows of a file are written.
 *
 * @module
 */
import type { WarningEvent } from "../../../events/events.ts";
import type { FieldNames, GivenFields } from "../columns/field_names.ts";

/** Rows of named values: a JSON object a line, or what is made into such. */
export interface JsonFormat {
  /** Tells the formats apart. */
  kind: "json";
  /** What the objects are in: lines, one array, or a Parquet file. */
  container: Container;
  /** Names of the fields that are read. */
  fields: FieldNames;
  /**
   * In a file of single sentences: names that a second sentence would have, in
   * lower case. A row that has one is bad.
   */
  seconds: readonly string[];
}

/** A table whose first line names the columns. */
export interface TableFormat {
  /** Tells the formats apart. */
  kind: "table";
  /** What separates cells, one ASCII character. */
  delimiter: string;
  /** Whether cells may be quoted, as RFC 4180 has it. */
  quoted: boolean;
  /** Names of all columns. */
  header: string[];
  /** Lines before the first row. */
  headerLines: number;
  /** Names of the columns that are read. */
  fields: FieldNames;
  /** Their indices in a row. */
  columns: {
    premise: number;
    hypothesis: number | null;
    label: number | null;
  };
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
  /** Whether the sentences are single ones, whatever else the file has. */
  single?: boolean | undefined;
  /** Whether the second sentence may stand without a first one. */
  hypothesisAlone?: boolean | undefined;
  /** Whether there may be no label. */
  unlabelled?: boolean | undefined;
  /** What separates a table's cells, one ASCII character. */
  delimiter?: string | undefined;
  /**
   * Whether a table's cells may be quoted as RFC 4180 has it. `auto`: yes, but
   * in tab-separated tables only if their header is quoted.
   */
  quoting?: "auto" | "csv" | "none" | undefined;
  /** Is told how the file is read, where that may surprise. */
  onWarning?: ((warning: WarningEvent) => void) | undefined;
}

/** What rows of named values are in. */
export type Container = "lines" | "array" | "parquet";

/** What the end of a file's name says, less `.gz`. */
export type Kind = "snli" | "json" | "csv" | "tsv" | "parquet";

/** The kinds that are tables of text. */
export type TextTable = "snli" | "csv" | "tsv";

/** What a file's rows are counted in. */
export function unitOf(format: RowFormat): "line" | "row" {
  return format.kind === "table" || format.container === "lines"
    ? "line"
    : "row";
}
