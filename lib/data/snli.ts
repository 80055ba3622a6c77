/**
 * The text files of SNLI 1.0 and MultiNLI, read as the book reads them.
 *
 * @see https://nlp.stanford.edu/projects/snli/
 * @module
 */
import { PYTHON_SPACE } from "../text/whitespace.ts";
import { badData } from "./bad_data.ts";
import type { Example } from "./example.ts";
import { parseGoldLabel } from "./gold_label.ts";
import { readLines } from "./lines.ts";

/** The columns that are read: they come first in both data sets. */
const COLUMNS = [
  "gold_label",
  "sentence1_binary_parse",
  "sentence2_binary_parse",
];

/** Up to `sentence2` the columns of both data sets are the same. */
const LEAST_COLUMNS = 7;

const BRACKETS = /[()]/g;
const SPACES = new RegExp(`[${PYTHON_SPACE}]{2,}`, "g");
const ENDS = new RegExp(`^[${PYTHON_SPACE}]+|[${PYTHON_SPACE}]+$`, "g");

/**
 * A sentence out of its parse, as the book's `extract_text` takes it: without
 * brackets, with one space where two or more white-space characters were.
 * Brackets of the sentence itself are written -LRB- and -RRB-, and stay.
 *
 * @param parse A binary parse, as `( A ( person . ) )`.
 *
 * @example
 * ```ts
 * import { textOfParse } from "./snli.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   textOfParse("( ( A person ) ( ( is ( on ( a horse ) ) ) . ) )"),
 *   "A person is on a horse .",
 * );
 * ```
 */
export function textOfParse(parse: string): string {
  return parse.replace(BRACKETS, "").replace(SPACES, " ").replace(ENDS, "");
}

/**
 * Reads a file as `snli_1.0_train.txt` or `multinli_1.0_train.txt`:
 * tab-separated, with a header. Sentences come from the binary parses, so they
 * are tokenised already.
 *
 * @param path The file.
 * @param labels The model's label names in the order of its outputs.
 * @return The rows in order; those labelled `-` have the label null.
 * @throws {UserError} `bad-data` with the line if the header is another, a row
 * is cut short or its label unknown.
 */
export async function* readSnli(
  path: string,
  labels: readonly string[],
): AsyncGenerator<Example> {
  let row = 0;
  for await (const line of readLines(path)) {
    row++;
    const cells = line.split("\t");
    if (row === 1) checkHeader(cells, path);
    else if (line !== "") yield parseRow(cells, labels, { path, row });
  }
  if (row === 0) throw badData({ path }, "it is empty");
}

function checkHeader(cells: string[], path: string): void {
  COLUMNS.forEach((name, i) => {
    if (cells[i] === name) return;
    throw badData(
      { path, row: 1 },
      `column ${i + 1} is ${
        cells[i] === undefined ? "missing" : `"${cells[i]}"`
      }, expected "${name}"`,
      { hint: "is this a .txt file of SNLI 1.0 or MultiNLI?" },
    );
  });
}

function parseRow(
  cells: string[],
  labels: readonly string[],
  place: { path: string; row: number },
): Example {
  if (cells.length < LEAST_COLUMNS) {
    throw badData(
      place,
      `it has ${cells.length} columns, expected at least ${LEAST_COLUMNS}`,
      { hint: "the file may be cut short; download it again" },
    );
  }
  const [label, premise, hypothesis] = cells;
  return {
    premise: textOfParse(premise),
    hypothesis: textOfParse(hypothesis),
    label: parseGoldLabel(label, labels, { ...place, column: COLUMNS[0] }),
    row: place.row,
  };
}
