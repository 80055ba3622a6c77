/**
 * Looks through a data file for what its columns hold, before it is encoded.
 *
 * @module
 */
import { RowError } from "../read/bad_data.ts";
import type { DataFile } from "../read/blocks.ts";
import { splitPlain, splitQuoted } from "../read/cells.ts";
import { decodeLines, type Line } from "../read/decode_lines.ts";
import { parseObject } from "../read/jsonl.ts";
import { openPieces } from "../read/open_pieces.ts";
import { findFormat, type FormatOptions } from "../read/row_format.ts";
import type { RowFormat } from "../read/row_format.ts";

/** A row's values by the names of their columns. */
export type ScannedRow = ReadonlyMap<string, unknown>;

/** A file that is open for looking through. */
export interface Scan {
  /** How it is written. */
  format: RowFormat;
  /** Its rows; those that cannot be read are left to who encodes them. */
  rows: AsyncGenerator<ScannedRow>;
}

/** How a file is looked through. */
export interface ScanOptions extends FormatOptions {
  /** Stops the reading. */
  signal?: AbortSignal | undefined;
}

/**
 * Opens a file to look through its rows.
 *
 * @param file The file.
 * @param options What the user says of it, and a signal.
 * @throws {UserError} `bad-data` if the file cannot be read.
 */
export async function scanFile(
  file: DataFile,
  options: ScanOptions,
): Promise<Scan> {
  // Whoever encodes it tells how it is read.
  const format = await findFormat(file, {
    ...options,
    unlabelled: true,
    onWarning: undefined,
  });
  return { format, rows: scanRows(file, format, options.signal) };
}

async function* scanRows(
  file: DataFile,
  format: RowFormat,
  signal: AbortSignal | undefined,
): AsyncGenerator<ScannedRow> {
  for await (const { bytes, first } of openPieces(file, format)) {
    signal?.throwIfAborted();
    if (bytes === null) continue;
    const lines = decodeLines(bytes, { first });
    if (first && format.kind === "table") {
      lines.fill("", 0, format.headerLines);
    }
    yield* rowsOfPiece(lines, format);
  }
}

function* rowsOfPiece(
  lines: readonly Line[],
  format: RowFormat,
): Generator<ScannedRow> {
  if (format.kind === "json") {
    for (const line of lines) {
      const row = line?.trim() ? tryObject(line) : null;
      if (row !== null) yield row;
    }
    return;
  }
  const { quoted, delimiter, header, width, ragged } = format;
  const rows = quoted
    ? splitQuoted(lines, delimiter)
    : splitPlain(lines, delimiter);
  for (const [, cells] of rows) {
    if (cells instanceof RowError || cells.length < width) continue;
    if (cells.length > width && !ragged) continue;
    yield new Map(header.map((name, i) => [name, cells[i]]));
  }
}

function tryObject(line: string): ScannedRow | null {
  try {
    return new Map(Object.entries(parseObject(line)));
  } catch (error) {
    if (error instanceof RowError) return null;
    throw error;
  }
}
