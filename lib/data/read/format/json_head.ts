/**
 * What the first rows of JSON Lines tell of them all.
 *
 * @module
 */
import { type BadRow, RowError } from "../bad_data.ts";
import { notUtf8 } from "../cells.ts";
import { findFields } from "../columns/find_fields.ts";
import type { Column } from "../columns/text_columns.ts";
import { secondNames } from "../columns/usual_names.ts";
import type { Line } from "../decode_lines.ts";
import { type JsonObject, parseObject } from "../jsonl.ts";
import type { FormatOptions, JsonFormat } from "./formats.ts";
import { refuseLayout } from "./json_layout.ts";

/** Which fields the rows have. */
type JsonFields = Pick<JsonFormat, "fields" | "seconds">;

/** So many rows are looked at. */
const ROWS = 1000;

/**
 * Finds out which fields the rows have: one that any of the first rows has is
 * one that all must have, so that a row without it is not taken for another
 * kind of row.
 *
 * @param lines The first lines of the file.
 * @param options What the user says of the file.
 * @return The fields, or the first row if no row is a JSON object; null if there
 * are no rows.
 * @throws {RowError} If a field is missing in all of them.
 */
export function readJsonHead(
  lines: readonly Line[],
  options: FormatOptions,
): JsonFields | BadRow | null {
  const columns = new Map<string, Column & { cells: unknown[] }>();
  let rows = 0;
  let bad: BadRow | null = null;
  for (const [sourceLine, line] of lines.entries()) {
    if (line?.trim() === "") continue;
    const object = objectOf(line);
    if (object instanceof RowError) {
      bad ??= object.at(sourceLine);
      continue;
    }
    if (rows === 0 && lines.length === 1) refuseLayout(object);
    for (const [name, value] of Object.entries(object)) {
      const column = columns.get(name) ?? { name, cells: [] };
      columns.set(name, column);
      column.cells.push(value);
    }
    if (++rows === ROWS) break;
  }
  if (rows === 0) return bad;
  return formatOf([...columns.values()], options);
}

function formatOf(
  columns: readonly Column[],
  options: FormatOptions,
): JsonFields {
  const { fields: given, single } = options;
  const found = findFields(columns, options);
  const second = columns.find(({ name }) => name === found.hypothesis);
  // Where no row has a second sentence, null says that they are single ones.
  const none = given?.hypothesis === undefined &&
    second?.cells.every((cell) => cell === null);
  const fields = none ? { ...found, hypothesis: null } : found;
  const alone = fields.hypothesis === null && !single;
  return { fields, seconds: alone ? secondNames() : [] };
}

function objectOf(line: Line): JsonObject | RowError {
  try {
    if (line === null) throw notUtf8();
    return parseObject(line);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    return error;
  }
}
