/**
 * Whether quotes in a tab-separated file are the text's or its writer's.
 *
 * @module
 */
import { RowError } from "../bad_data.ts";
import { type DataFile, readBlocks } from "../blocks.ts";
import { splitQuoted } from "../cells.ts";
import { decodeLines } from "../decode_lines.ts";
import { cutPieces } from "../pieces.ts";

/** What the quotes of a file are. */
export type Quotes = "none" | "text" | "maybe" | "writer";

const QUOTE = 0x22;

/**
 * Looks at all quotes of a file. pandas and spreadsheets quote a cell that
 * holds a quote, a tab or a line end, and write a quote in it twice; the files
 * of most tasks have quotes as they come.
 *
 * @param file A tab-separated file.
 * @param width Cells of its header.
 * @return `none` if no cell begins with a quote; `writer` if every quoted cell
 * is well-formed and some needed it; `maybe` if none needed it; else `text`.
 * @throws {UserError} `bad-data` if the file cannot be read.
 */
export async function findQuotes(
  file: DataFile,
  width: number,
): Promise<Quotes> {
  let quotes: Quotes = "none";
  for await (const { bytes, first } of cutPieces(readBlocks(file), "\t")) {
    if (bytes === null || !bytes.includes(QUOTE)) continue;
    const lines = decodeLines(bytes, { first });
    for (const [start, cells] of splitQuoted(lines, "\t")) {
      if (cells instanceof RowError) return "text";
      const found = quotesOf(cells, lines[start] ?? "");
      if (found !== "none" && cells.length !== width) return "text";
      if (found === "text") return "text";
      if (found === "writer" || quotes === "none") quotes = found;
    }
  }
  return quotes;
}

function quotesOf(cells: readonly string[], line: string): Quotes {
  if (!line.includes('"')) return "none";
  // A quote of the text that is closed by one of a later row takes tabs along.
  if (cells.some((cell) => /\n/.test(cell) && /\t/.test(cell))) return "text";
  return cells.some((cell) => /["\t\n]/.test(cell)) ? "writer" : "maybe";
}
