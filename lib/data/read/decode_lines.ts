/**
 * From bytes to lines of text, as Python reads them.
 *
 * @module
 */

/** A line without its end, or null if it is not UTF-8. */
export type Line = string | null;

const LF = 10;
const CR = 13;

/** A byte order mark at the start is left out. */
const startDecoder = new TextDecoder("utf-8", { fatal: true });
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes UTF-8 lines, which end with `\n`, `\r\n` or `\r` (Python's universal
 * newlines; U+2028 and the like end no line).
 *
 * @param bytes Whole lines; the last may lack its end.
 * @param options Whether a file begins here: a byte order mark is left out.
 *
 * @example
 * ```ts
 * import { decodeLines } from "./decode_lines.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("one\r\ntwo\n");
 * assertEquals(decodeLines(bytes, { first: true }), ["one", "two"]);
 * ```
 */
export function decodeLines(
  bytes: Uint8Array,
  { first }: { first: boolean },
): Line[] {
  const whole = decode(bytes, first);
  if (whole === null) return decodeEach(bytes, first);
  const lines = whole.split(whole.includes("\r") ? /\r\n|\n|\r/ : "\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Decodes line by line, to find those that are not UTF-8. */
function decodeEach(bytes: Uint8Array, first: boolean): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < bytes.length;) {
    let end = start;
    while (end < bytes.length && bytes[end] !== LF && bytes[end] !== CR) end++;
    lines.push(decode(bytes.subarray(start, end), first && start === 0));
    start = end + (bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1);
  }
  return lines;
}

function decode(bytes: Uint8Array, first: boolean): Line {
  try {
    return (first ? startDecoder : decoder).decode(bytes);
  } catch {
    return null;
  }
}
