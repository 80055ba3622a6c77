/**
 * Data files in pieces of whole rows, cut without decoding them: that is left
 * to the workers.
 *
 * @module
 */
import { joinBytes } from "../../base/join_bytes.ts";
import { type DataFile, readBlocks } from "./blocks.ts";

/** Whole rows of a file. */
export interface Piece {
  /** Their bytes; null stands for one line longer than {@link LONGEST_ROW}. */
  bytes: Uint8Array<ArrayBuffer> | null;
  /** Whether the file begins here, perhaps with a byte order mark. */
  first: boolean;
}

/**
 * A row of up to so many bytes is taken; one that is longer by a block or more
 * is not, so that memory stays bounded.
 */
export const LONGEST_ROW = 1 << 20;

const LF = 10;
const CR = 13;
const QUOTE = 34;

/**
 * Reads a file in pieces. Lines end with `\n`, `\r\n` or `\r`; a row is a
 * line, or in quoted tables as many as its quotes hold together.
 *
 * @param file The file.
 * @param delimiter What separates the cells if they may be quoted (RFC 4180),
 * one ASCII character; null if quotes mean nothing.
 * @return The pieces, about 64 KiB each. If a quote does not close within
 * {@link LONGEST_ROW}, a piece ends in the middle of it, after a whole line.
 * @throws {UserError} `bad-data` if the file cannot be read.
 */
export function readPieces(
  file: DataFile,
  delimiter: string | null,
): AsyncGenerator<Piece> {
  return cutPieces(readBlocks(file), delimiter);
}

/**
 * Cuts blocks of bytes into pieces, as {@link readPieces} does.
 *
 * @param blocks The bytes.
 * @param delimiter What separates the cells if they may be quoted.
 */
export async function* cutPieces(
  blocks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  delimiter: string | null,
): AsyncGenerator<Piece> {
  const separator = delimiter === null ? null : delimiter.charCodeAt(0);
  let rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  let first = true;
  let inLongLine = false;
  for await (const block of blocks) {
    rest = joinBytes([rest, block]);
    if (inLongLine) {
      const end = firstLineEnd(rest);
      inLongLine = end === 0;
      // Of a line that goes on, only a last \r is kept: its \n may follow.
      rest = rest.subarray(inLongLine ? rest.length - 1 : end);
    }
    const tooLong = rest.length > LONGEST_ROW;
    const end = rowsEnd(rest, separator) || (tooLong ? linesEnd(rest) : 0);
    if (end === 0 && !tooLong) continue;
    const bytes = end === 0 ? null : rest.subarray(0, end);
    // The rest is copied before the piece takes their memory to a worker.
    rest = rest.slice(end);
    inLongLine = end === 0;
    yield { bytes, first };
    first = false;
  }
  if (rest.length > 0 && !inLongLine) yield { bytes: rest, first };
}

/** So much of a file tells how it is written. */
const HEAD = 1 << 16;

/**
 * The first lines of a file's bytes.
 *
 * @param blocks The bytes.
 * @return Their bytes: whole lines, but a first line that is longer than
 * {@link LONGEST_ROW} is cut off; null if the file is empty.
 * @throws {UserError} `bad-data` if the file cannot be read.
 */
export async function readHead(
  blocks: AsyncIterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  let head: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  let whole = true;
  for await (const block of blocks) {
    head = joinBytes([head, block]);
    whole = head.length < HEAD;
    const hasLine = firstLineEnd(head) > 0;
    if (hasLine && !whole || head.length > LONGEST_ROW) break;
  }
  if (head.length === 0) return null;
  if (whole) return head;
  // What is looked at must not depend on how the file came in blocks.
  const end = linesEnd(head.subarray(0, HEAD)) || firstLineEnd(head);
  return head.slice(0, end || LONGEST_ROW);
}

/**
 * A file's first line without its end.
 *
 * @param file The file.
 * @return Its bytes, cut off after {@link LONGEST_ROW}; null if the file is
 * empty.
 * @throws {UserError} `bad-data` if the file cannot be read.
 */
export async function readFirstLine(
  file: DataFile,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const head = await readHead(readBlocks(file));
  if (head === null) return null;
  const end = head.findIndex((byte) => byte === LF || byte === CR);
  return head.slice(0, end < 0 ? LONGEST_ROW : end);
}

/** Where the first line is over, its end included; 0 if it may go on. */
function firstLineEnd(bytes: Uint8Array): number {
  const end = bytes.findIndex((byte) => byte === LF || byte === CR);
  if (end < 0 || bytes[end] === LF) return end + 1;
  if (end + 1 === bytes.length) return 0;
  return bytes[end + 1] === LF ? end + 2 : end + 1;
}

/** Where the last whole line is over; 0 if none is. */
function linesEnd(bytes: Uint8Array): number {
  // The \n of a \r at the very end may follow.
  return Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR, -2)) + 1;
}

/** Where the last whole row is over; 0 if none is. */
function rowsEnd(bytes: Uint8Array, delimiter: number | null): number {
  if (delimiter === null) return linesEnd(bytes);
  let end = 0;
  let quoted = false;
  let closed = -2;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      if (quoted) closed = i;
      // Two quotes in a row are one of the text; others open a cell or none.
      quoted = !quoted && (i === closed + 1 || startsCell(bytes, i, delimiter));
    } else if (!quoted && (byte === LF || byte === CR)) {
      if (i + 1 < bytes.length || byte === LF) end = i + 1;
    }
  }
  return end;
}

function startsCell(bytes: Uint8Array, i: number, delimiter: number): boolean {
  if (i === 0) return true;
  const before = bytes[i - 1];
  return before === delimiter || before === LF || before === CR;
}
