/**
 * Encoded examples in memory, column by column.
 *
 * @module
 */

/** Texts one after the other, as Arrow's Utf8 column holds them. */
export interface TextColumn {
  /** The texts' UTF-8 bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Where each text begins in `bytes`, and where the last ends: rows + 1. */
  offsets: Int32Array<ArrayBuffer>;
  /** One bit a row, least significant first: 0 for null. */
  valid: Uint8Array<ArrayBuffer>;
}

/** What is written to a file; every column has the same rows. */
export interface TableColumns {
  /** All rows' token ids, one row after the other. */
  tokenIds: Int32Array<ArrayBuffer>;
  /** Where each row begins in `tokenIds`, and where the last ends: rows + 1. */
  offsets: Int32Array<ArrayBuffer>;
  /** Where segment 1 begins in each row; the row's length if it has none. */
  second: Int32Array<ArrayBuffer>;
  /** Class indices. */
  labels: Int8Array<ArrayBuffer>;
  /** Line of each example in its source, from 1. */
  sourceLines: Int32Array<ArrayBuffer>;
  /** First sentences. */
  premise: TextColumn;
  /** Second sentences. */
  hypothesis: TextColumn;
}

/** Encoded examples, as read from a file. */
export interface Table {
  /** The file. */
  readonly path: string;
  /** How many examples there are. */
  readonly rows: number;
  /** All rows' token ids, one row after the other. */
  readonly tokenIds: Int32Array;
  /** Where each row begins in `tokenIds`, and where the last ends: rows + 1. */
  readonly offsets: Int32Array;
  /** Where segment 1 begins in each row; the row's length if it has none. */
  readonly second: Int32Array;
  /** Class indices. */
  readonly labels: Int32Array;
  /** Source line of each example: where it begins in its file, from 1. */
  readonly sourceLines: Int32Array;
  /** The first sentence of a row. */
  premise(i: number): string;
  /** The second sentence of a row, or null if it has none. */
  hypothesis(i: number): string | null;
}
