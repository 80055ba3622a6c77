/**
 * Text files line by line, as Python reads them.
 *
 * @module
 */
import { badData } from "./bad_data.ts";

const LF = 10;
const CR = 13;

/**
 * The lines of a UTF-8 file without their ends, which are `\n`, `\r\n` or
 * `\r` (Python's universal newlines; U+2028 and the like end no line). A byte
 * order mark is left out. The file is read piece by piece.
 *
 * @param path The file.
 * @throws {UserError} `bad-data` if the file cannot be read or a line is not
 * UTF-8.
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  let decoder = new TextDecoder("utf-8", { fatal: true });
  let row = 0;
  for await (const bytes of readWholeLines(path)) {
    for (let start = 0; start < bytes.length;) {
      const end = lineEnd(bytes, start);
      const line = bytes.subarray(start, end);
      row++;
      yield decode(line, decoder, { path, row });
      start = end + (bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1);
      // Only the file's first character may be a byte order mark.
      if (row === 1) {
        decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      }
    }
  }
}

/** A file in pieces that end where a line ends; only the last may not. */
async function* readWholeLines(path: string): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array(0);
  try {
    using file = await Deno.open(path);
    const buffer = new Uint8Array(1 << 18);
    for (let count; (count = await file.read(buffer)) !== null;) {
      const bytes = new Uint8Array(rest.length + count);
      bytes.set(rest);
      bytes.set(buffer.subarray(0, count), rest.length);
      // A \r at the very end may yet get its \n.
      const cr = bytes.lastIndexOf(CR, -2);
      const end = Math.max(bytes.lastIndexOf(LF), cr) + 1;
      rest = bytes.slice(end);
      yield bytes.subarray(0, end);
    }
  } catch (cause) {
    throw badData({ path }, (cause as Error).message, { cause });
  }
  yield rest;
}

function lineEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < bytes.length && bytes[end] !== LF && bytes[end] !== CR) end++;
  return end;
}

function decode(
  line: Uint8Array,
  decoder: TextDecoder,
  place: { path: string; row: number },
): string {
  try {
    return decoder.decode(line);
  } catch (cause) {
    throw badData(place, "it is not UTF-8", {
      hint: "save the file with the encoding UTF-8",
      cause,
    });
  }
}
