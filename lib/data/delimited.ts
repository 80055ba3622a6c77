/**
 * Data sets as comma- or tab-separated tables with a header.
 *
 * @module
 */
import { type CsvError, parse } from "csv-parse";
import { pipeline, Readable } from "node:stream";
import { UserError } from "../errors.ts";
import { badData } from "./bad_data.ts";
import type { Example } from "./example.ts";
import { type FieldNames, findFields } from "./field_names.ts";
import { parseGoldLabel } from "./gold_label.ts";
import { readLines } from "./lines.ts";

/** A row as csv-parse gives it, and the line on which it ended. */
interface Row {
  record: string[];
  info: { lines: number };
}

/**
 * Reads a CSV file (RFC 4180) or, if its name ends in `.tsv`, a tab-separated
 * one, in which quotes mean nothing. The columns are `premise` or `sentence1`,
 * `label` or `gold_label`, and possibly `hypothesis` or `sentence2`; without it
 * the examples are single sentences. Other columns are left out.
 *
 * @param path The file.
 * @param labels The model's label names in the order of its outputs; a label is
 * one of them, its index, or `-` or -1 for none.
 * @return The examples in order.
 * @throws {UserError} `bad-data` with the line and the column that is wrong.
 */
export async function* readDelimited(
  path: string,
  labels: readonly string[],
): AsyncGenerator<Example> {
  let header: string[] | undefined;
  let names: FieldNames | undefined;
  for await (const { record, info } of readRows(path)) {
    if (header === undefined || names === undefined) {
      header = record;
      names = checkHeader(record, path);
      continue;
    }
    const row = info.lines - countLineBreaks(record);
    const cells = new Map(header.map((name, i) => [name, record[i]]));
    const { premise, hypothesis, label } = names;
    yield {
      premise: cells.get(premise)!,
      hypothesis: hypothesis === undefined ? null : cells.get(hypothesis)!,
      label: parseGoldLabel(cells.get(label), labels, {
        path,
        row,
        column: label,
      }),
      row,
    };
  }
  if (header === undefined) throw badData({ path }, "it is empty");
}

async function* readRows(path: string): AsyncGenerator<Row> {
  const tabs = path.toLowerCase().endsWith(".tsv");
  const parser = parse({
    delimiter: tabs ? "\t" : ",",
    quote: tabs ? null : '"',
    recordDelimiter: "\n",
    skipEmptyLines: true,
    info: true,
  });
  // The loop below gets the error that this callback is told.
  pipeline(Readable.from(withLineFeeds(path)), parser, () => {});
  try {
    yield* parser as AsyncIterable<Row>;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { message, lines } = error as CsvError & { lines?: number };
    throw badData(
      lines === undefined ? { path } : { path, row: lines },
      message,
      { cause: error },
    );
  }
}

async function* withLineFeeds(path: string): AsyncGenerator<string> {
  for await (const line of readLines(path)) yield line + "\n";
}

function countLineBreaks(record: string[]): number {
  return record.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
}

function checkHeader(header: string[], path: string): FieldNames {
  const place = { path, row: 1 };
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) {
    throw badData({ ...place, column: twice }, "there are two of that name");
  }
  const names = findFields(header);
  if (!("missing" in names)) return names;
  throw badData(
    place,
    `the columns are ${header.join(", ")}, expected ${names.missing} as well`,
    { hint: "the first line must name the columns" },
  );
}
