/**
 * A data file in pieces, whatever its rows are in.
 *
 * @module
 */
import { type DataFile, readBlocks } from "./blocks.ts";
import { arrayLines } from "./containers/json_array.ts";
import type { Container, RowFormat } from "./format/formats.ts";
import { cutPieces, type Piece } from "./pieces.ts";

/**
 * A file's bytes as lines of text: those of an array or a Parquet file are made
 * into JSON lines.
 *
 * @param file The file.
 * @param container What its rows are in.
 * @return The bytes; a block is good until the next one is asked for.
 * @throws {UserError} `bad-data` if it cannot be read or is damaged.
 */
export async function* readText(
  file: DataFile,
  container: Container,
): AsyncGenerator<Uint8Array> {
  switch (container) {
    case "parquet": {
      // Its libraries take a while to load, and most files are of another kind.
      const { parquetLines } = await import("./containers/parquet.ts");
      return yield* parquetLines(file);
    }
    case "array":
      return yield* arrayLines(file, readBlocks(file));
    default:
      return yield* readBlocks(file);
  }
}

/**
 * Reads a file in pieces of whole rows.
 *
 * @param file The file.
 * @param format How it is written.
 * @throws {UserError} `bad-data` if it cannot be read or is damaged.
 */
export function openPieces(
  file: DataFile,
  format: RowFormat,
): AsyncGenerator<Piece> {
  if (format.kind === "json") {
    return cutPieces(readText(file, format.container), null);
  }
  const delimiter = format.quoted ? format.delimiter : null;
  return cutPieces(readBlocks(file), delimiter);
}
