/**
 * Data sets with one JSON object a line, as SNLI's own `.jsonl` files.
 *
 * @module
 */
import { badData } from "./bad_data.ts";
import type { Example } from "./example.ts";
import { findFields } from "./field_names.ts";
import { parseGoldLabel } from "./gold_label.ts";
import { readLines } from "./lines.ts";

/**
 * Reads a JSON Lines file. An object has `premise` or `sentence1`, `label` or
 * `gold_label`, and may have `hypothesis` or `sentence2`; without it, or with
 * null, the example is a single sentence. Empty lines are left out.
 *
 * @param path The file.
 * @param labels The model's label names in the order of its outputs; a label is
 * one of them, its index, or `-` or -1 for none.
 * @return The examples in order.
 * @throws {UserError} `bad-data` with the line and the field that is wrong.
 */
export async function* readJsonLines(
  path: string,
  labels: readonly string[],
): AsyncGenerator<Example> {
  let row = 0;
  for await (const line of readLines(path)) {
    row++;
    if (line.trim() !== "") yield parseLine(line, labels, { path, row });
  }
}

function parseLine(
  line: string,
  labels: readonly string[],
  place: { path: string; row: number },
): Example {
  const object = parseObject(line, place);
  const names = findFields(Object.keys(object));
  if ("missing" in names) throw badData(place, `it has no ${names.missing}`);
  const text = (column: string) => {
    const value = object[column];
    if (typeof value === "string") return value;
    throw badData(
      { ...place, column },
      `it is ${JSON.stringify(value)}, expected a string`,
    );
  };
  const { premise, hypothesis, label } = names;
  const single = hypothesis === undefined || object[hypothesis] === null;
  return {
    premise: text(premise),
    hypothesis: single ? null : text(hypothesis),
    label: parseGoldLabel(object[label], labels, { ...place, column: label }),
    row: place.row,
  };
}

function parseObject(
  line: string,
  place: { path: string; row: number },
): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw badData(place, `it is not JSON (${(cause as Error).message})`, {
      cause,
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badData(place, `it is ${line.slice(0, 40)}, expected a JSON object`);
  }
  return value as Record<string, unknown>;
}
