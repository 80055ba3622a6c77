/**
 * Looks through a data file for what its columns hold, before it is encoded.
 *
 * @module
 */
import { RowError } from "../read/bad_data.ts";
import type { DataFile } from "../read/blocks.ts";
import { decodeLines } from "../read/decode_lines.ts";
import type { RawExample } from "../read/example.ts";
import { rowsOf } from "../read/parse_rows.ts";
import { readPieces } from "../read/pieces.ts";
import { findFormat, type FormatOptions } from "../read/row_format.ts";

/** How a file is looked through. */
export interface ScanOptions extends FormatOptions {
  /** Stops the reading. */
  signal?: AbortSignal | undefined;
}

/**
 * The rows of a file as it has them; those that cannot be read are left to
 * those who encode them.
 *
 * @param file The file.
 * @param options What the user says of it, and a signal.
 * @throws {UserError} `bad-data` if the file cannot be read.
 */
export async function* scanRows(
  file: DataFile,
  options: ScanOptions,
): AsyncGenerator<RawExample> {
  const format = await findFormat(file, { ...options, unlabelled: true });
  const delimiter = format.kind === "table" && format.quoted
    ? format.delimiter
    : null;
  for await (const { bytes, first } of readPieces(file, delimiter)) {
    options.signal?.throwIfAborted();
    if (bytes === null) continue;
    const lines = decodeLines(bytes, { first });
    if (first && format.kind === "table") {
      lines.fill("", 0, format.headerLines);
    }
    for (const [, read] of rowsOf(lines, format)) {
      const row = tryRow(read);
      if (row !== null) yield row;
    }
  }
}

function tryRow(read: () => RawExample): RawExample | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof RowError) return null;
    throw error;
  }
}
