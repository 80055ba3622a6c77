/**
 * Rows of JSON Lines files: one JSON object a line.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import { RowError } from "./bad_data.ts";
import type { RawExample } from "./example.ts";
import { findFields, type GivenFields } from "./field_names.ts";

/**
 * Reads one line. Without a second sentence, or with null, the example is a
 * single one.
 *
 * @param line The line.
 * @param given Names of the fields, where the user gives them.
 * @throws {RowError} Naming the field that is wrong.
 *
 * @example
 * ```ts
 * import { parseJsonRow } from "./jsonl.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const row = parseJsonRow('{"premise": "A dog", "label": 0}', {});
 * assertEquals(row.sentences, ["A dog", null]);
 * ```
 */
export function parseJsonRow(line: string, given: GivenFields): RawExample {
  const object = parseObject(line);
  const fields = findFields(Object.keys(object), given);
  const text = (column: string) => {
    const value = object[column];
    if (typeof value === "string") return value;
    throw new RowError(`it is ${showValue(value)}, expected a string`, {
      column,
    });
  };
  const { premise, hypothesis, label } = fields;
  const single = hypothesis === null || object[hypothesis] === null;
  return {
    fields,
    sentences: [text(premise), single ? null : text(hypothesis)],
    label: object[label],
  };
}

function parseObject(line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new RowError(`it is not JSON (${(cause as Error).message})`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RowError(`it is ${line.slice(0, 40)}, expected a JSON object`);
  }
  return value as Record<string, unknown>;
}
