/**
 * `vocab.txt`, one piece a line.
 *
 * @module
 */

/**
 * Reads a `vocab.txt` as Hugging Face's tokenizers do: a piece's id is its
 * line's number, from 0; white space at the end of a line is none of the piece;
 * of equal pieces the last counts; a blank line is the empty piece.
 *
 * @param text The file's text.
 * @return The id of each piece.
 *
 * @example
 * ```ts
 * import { parseVocabTxt } from "./vocab_txt.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...parseVocabTxt("[UNK]\r\ndog \ndog\n")], [
 *   ["[UNK]", 0],
 *   ["dog", 2],
 * ]);
 * ```
 */
export function parseVocabTxt(text: string): Map<string, number> {
  const lines = text.split("\n");
  // What follows the last line's end is no line.
  if (lines.at(-1) === "") lines.pop();
  return new Map(lines.map((line, id) => [trimEnd(line), id]));
}

/** Unlike `trimEnd`, it keeps U+FEFF and takes U+0085. */
function trimEnd(line: string): string {
  return line.replace(/\p{White_Space}+$/u, "");
}
