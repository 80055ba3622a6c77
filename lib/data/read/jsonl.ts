/**
 * Rows of JSON Lines files: one JSON object a line.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import { RowError } from "./bad_data.ts";
import type { FieldNames } from "./columns/field_names.ts";
import { normalName } from "./columns/usual_names.ts";
import type { RawExample } from "./example.ts";
import type { JsonFormat } from "./format/formats.ts";

/** What a line holds. */
export type JsonObject = Record<string, unknown>;

/**
 * Reads one line.
 *
 * @param line The line.
 * @param format Names of the fields.
 * @throws {RowError} Naming the field that is wrong.
 *
 * @example
 * ```ts
 * import { parseJsonRow } from "./jsonl.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const row = parseJsonRow('{"premise": "A dog", "label": 0}', {
 *   kind: "json",
 *   container: "lines",
 *   fields: { premise: "premise", hypothesis: null, label: "label" },
 *   seconds: [],
 * });
 * assertEquals(row.sentences, ["A dog", null]);
 * ```
 */
export function parseJsonRow(line: string, format: JsonFormat): RawExample {
  const object = parseObject(line);
  const { fields, seconds } = format;
  const { premise, hypothesis, label } = fields;
  if (label !== null && !Object.hasOwn(object, label)) {
    throw new RowError("it is missing", {
      column: label,
      hint: "every row must have the field",
    });
  }
  if (hypothesis === null && seconds.length > 0) {
    checkSingle(object, premise, seconds);
  }
  return {
    fields,
    sentences: [
      textOf(object, premise),
      hypothesis === null ? null : textOf(object, hypothesis),
    ],
    label: label === null ? null : object[label],
    others: () => othersOf(object, fields),
  };
}

function othersOf(object: JsonObject, fields: FieldNames): JsonObject {
  const { [fields.premise]: _, ...others } = object;
  if (fields.hypothesis !== null) delete others[fields.hypothesis];
  return others;
}

function textOf(object: JsonObject, column: string): string {
  const value = Object.hasOwn(object, column) ? object[column] : undefined;
  if (typeof value === "string") return value;
  throw new RowError(`it is ${showValue(value)}, expected a string`, {
    column,
    hint: value === undefined || value === null
      ? "the file's other rows have a sentence there; leave the row out or mend it"
      : 'write it as text, as "42"',
  });
}

/** Refuses a row of two sentences in a file of single ones. */
function checkSingle(
  object: JsonObject,
  premise: string,
  seconds: readonly string[],
): void {
  const second = Object.keys(object).find((name) =>
    name !== premise && object[name] !== null &&
    seconds.includes(normalName(name))
  );
  if (second === undefined) return;
  throw new RowError(
    `it is ${showValue(object[second])}, expected nothing, as the file's ` +
      "first rows are single sentences",
    {
      column: second,
      hint: "--hypothesis-field makes it a file of pairs, and --single says " +
        "that the second sentences are to be passed over",
    },
  );
}

/**
 * Reads a line that holds a JSON object.
 *
 * @param line The line.
 * @throws {RowError} If it is anything else.
 */
export function parseObject(line: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw notJson(line, cause as Error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RowError(`it is ${line.slice(0, 40)}, expected a JSON object`);
  }
  return value as JsonObject;
}

function notJson(line: string, { message }: Error): RowError {
  // Python and pandas write these where a number or a text is missing.
  const [, column, value] =
    /"([^"\\]*)"\s*:\s*(-?NaN|-?Infinity|None)\b/.exec(line) ?? [];
  if (column === undefined) {
    return new RowError(`it is not JSON (${message})`, {
      hint: /[{,]$/.test(line.trimEnd())
        ? "each object must stand on one line; jq -c . FILE writes it so"
        : undefined,
    });
  }
  return new RowError(`it is ${value}, which is not JSON`, {
    column,
    hint: "leave out rows without a sentence or a label, or mend them",
  });
}
