/**
 * A value as the content of a JSON file.
 *
 * @module
 */
import type { FileSections } from "../base/files/files.ts";

/**
 * The content of a JSON file, indented, with a line break in the end.
 *
 * @param value What it holds.
 */
export function jsonFile(value: unknown): FileSections {
  return [new TextEncoder().encode(JSON.stringify(value, null, 2) + "\n")];
}
