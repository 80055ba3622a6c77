/**
 * The list of the rows that were left out because they are not as they should
 * be: JSON lines, as `{"line": 7, "column": "label", "problem": "..."}`, with
 * the `file` first where a split has several.
 *
 * @module
 */
import { Growable } from "../../base/growable.ts";
import { jsonLine } from "../../base/json_line.ts";
import type { BadRow } from "../read/bad_data.ts";

const UTF8 = new TextEncoder();

/** Counts and lists rows; takes little more memory than the list's file. */
export class SkippedRows {
  readonly #lines = new Growable(Uint8Array);
  #count = 0;
  #first: BadRow | undefined;

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** The list so far, UTF-8. */
  get listing(): Uint8Array<ArrayBuffer> {
    return this.#lines.view();
  }

  /**
   * Adds a row.
   *
   * @param bad Its line, from 1, and what is wrong.
   * @param file The file that it stands in, if the split has several.
   */
  add(bad: BadRow, file?: string): void {
    const { sourceLine: line, column, what: problem } = bad;
    const text = jsonLine({ file, line, column, problem });
    this.#lines.append(UTF8.encode(text));
    this.#first ??= bad;
    this.#count++;
  }

  /** The end of a sentence about a split that has no other rows. */
  describe(): string {
    if (this.#first === undefined) return "";
    const { sourceLine, column, what } = this.#first;
    const where = column === undefined ? "" : `, column "${column}"`;
    return `; ${this.#count} rows were skipped, as line ${sourceLine}${where}: ${what}`;
  }
}
