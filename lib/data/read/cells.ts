/**
 * Rows of tables: lines whose cells stand between commas, tabs or the like.
 *
 * @module
 */
import { RowError } from "./bad_data.ts";
import type { Line } from "./decode_lines.ts";

/** A row: the line on which it begins, and its cells or what is wrong. */
export type CellRow = [sourceLine: number, cells: string[] | RowError];

/**
 * Takes tables apart in which quotes mean nothing.
 *
 * @param lines The table's lines; empty ones are left out.
 * @param delimiter What separates cells.
 * @param options Most cells that are taken of a row; all if absent.
 */
export function* splitPlain(
  lines: readonly Line[],
  delimiter: string,
  { most }: { most?: number } = {},
): Generator<CellRow> {
  for (const [sourceLine, line] of lines.entries()) {
    if (line === null) yield [sourceLine, notUtf8()];
    else if (line !== "") yield [sourceLine, line.split(delimiter, most)];
  }
}

/**
 * Takes tables apart whose cells may be quoted (RFC 4180): a quoted cell may
 * hold delimiters, line ends, and quotes written twice. A quote anywhere else
 * is an error, after which reading goes on with the next line, so that a stray
 * quote takes no other rows with it.
 *
 * @param lines The table's lines; empty ones between rows are left out.
 * @param delimiter What separates cells, one character.
 *
 * @example
 * ```ts
 * import { splitQuoted } from "./cells.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lines = ['"A ""big"" dog, asleep",0', '"two', 'lines",1'];
 * assertEquals([...splitQuoted(lines, ",")], [
 *   [0, ['A "big" dog, asleep', "0"]],
 *   [1, ["two\nlines", "1"]],
 * ]);
 * ```
 */
export function* splitQuoted(
  lines: readonly Line[],
  delimiter: string,
): Generator<CellRow> {
  for (let start = 0; start < lines.length;) {
    if (lines[start] === "") start++;
    else {
      const { cells, end } = takeRow(lines, start, delimiter);
      yield [start, cells];
      start = end;
    }
  }
}

/** The cells of the row that begins on a line, and the line after it. */
function takeRow(
  lines: readonly Line[],
  start: number,
  delimiter: string,
): { cells: string[] | RowError; end: number } {
  try {
    const reader = new QuotedReader(lines, start);
    const cells = [reader.takeCell(delimiter)];
    while (reader.takeDelimiter(delimiter)) {
      cells.push(reader.takeCell(delimiter));
    }
    return { cells, end: reader.end };
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    return { cells: error, end: start + 1 };
  }
}

/** Reads on from the start of a line, and over its end where it is quoted. */
class QuotedReader {
  /** The line after the one that is being read. */
  end: number;
  readonly #lines: readonly Line[];
  #text: string;
  #at = 0;

  constructor(lines: readonly Line[], start: number) {
    this.#lines = lines;
    this.end = start;
    this.#text = this.#nextLine();
  }

  takeCell(delimiter: string): string {
    if (this.#text[this.#at] === '"') return this.#takeQuoted();
    const found = this.#text.indexOf(delimiter, this.#at);
    const stop = found < 0 ? this.#text.length : found;
    const cell = this.#text.slice(this.#at, stop);
    if (cell.includes('"')) {
      throw new RowError(
        `a quote stands inside the cell ${cell.slice(0, 40)}`,
        { hint: 'quote the whole cell, and write "" for a quote in it' },
      );
    }
    this.#at = stop;
    return cell;
  }

  /** Goes on to the next cell, if there is one. */
  takeDelimiter(delimiter: string): boolean {
    if (this.#at === this.#text.length) return false;
    if (this.#text[this.#at] === delimiter) {
      this.#at++;
      return true;
    }
    throw new RowError(
      `after a quoted cell stands "${this.#text[this.#at]}", expected ` +
        (delimiter === "\t" ? "a tab" : `"${delimiter}"`),
    );
  }

  #takeQuoted(): string {
    let cell = "";
    for (let from = this.#at + 1;;) {
      const quote = this.#text.indexOf('"', from);
      if (quote < 0) {
        cell += this.#text.slice(from) + "\n";
        this.#text = this.#nextLine();
        from = 0;
        continue;
      }
      cell += this.#text.slice(from, quote);
      if (this.#text[quote + 1] !== '"') {
        this.#at = quote + 1;
        return cell;
      }
      cell += '"';
      from = quote + 2;
    }
  }

  #nextLine(): string {
    if (this.end === this.#lines.length) {
      throw new RowError("a quote in it is not closed", {
        hint: 'in a quoted cell, "" is written for a quote',
      });
    }
    const line = this.#lines[this.end++];
    if (line === null) throw notUtf8();
    return line;
  }
}

/** The error for a row that is not UTF-8. */
export function notUtf8(): RowError {
  return new RowError("it is not UTF-8", {
    hint: "save the file with the encoding UTF-8; if it is Latin-1 or " +
      "Windows': iconv -f WINDOWS-1252 -t UTF-8 FILE",
  });
}
