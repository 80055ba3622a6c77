/**
 * Texts and values as the contents of files.
 *
 * @module
 */
import type { FileSections } from "../base/files/files.ts";

/**
 * The content of a text file.
 *
 * @param text The text.
 */
export function textFile(text: string): FileSections {
  return [new TextEncoder().encode(text)];
}

/**
 * The content of a JSON file, indented, with a line break in the end.
 *
 * @param value What it holds.
 */
export function jsonFile(value: unknown): FileSections {
  return textFile(JSON.stringify(value, null, 2) + "\n");
}
