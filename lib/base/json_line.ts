/**
 * Values as lines of JSON.
 *
 * @module
 */

/**
 * What JSON may hold as it is, but some programs take for the end of a line or
 * for an order to the terminal: DEL, the control characters from U+0080, and
 * Unicode's own separators of lines and paragraphs.
 */
const UNSAFE = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * A value as one line of JSON, with its line break. Control characters and all
 * that any program splits lines at are escaped, so that `splitlines` of Python
 * or a terminal takes it as one line too.
 *
 * @param value The value, which JSON must be able to hold.
 *
 * @example
 * ```ts
 * import { jsonLine } from "./json_line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(jsonLine({ text: "a\u2028b" }), '{"text":"a\\u2028b"}\n');
 * ```
 */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value).replace(
    UNSAFE,
    (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"),
  );
  return json + "\n";
}
