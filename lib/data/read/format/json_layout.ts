/**
 * How the objects of a JSON file lie in it.
 *
 * @module
 */
import { RowError } from "../bad_data.ts";
import type { JsonObject } from "../jsonl.ts";
import type { Container } from "./formats.ts";

const AS_LINES = 'pandas: to_json(FILE, orient="records", lines=True)';

/**
 * Whether a file is of JSON lines or one array of objects.
 *
 * @param head Its first bytes.
 * @throws {RowError} If it is an array of anything else.
 */
export function containerOf(head: Uint8Array): Container {
  const start = new TextDecoder().decode(head.subarray(0, 256)).trimStart();
  if (!start.startsWith("[")) return "lines";
  if (/^\[\s*(\{|\]|$)/.test(start)) return "array";
  throw new RowError(
    `it begins with ${start.split("\n")[0].slice(0, 40)}, expected objects`,
    {
      hint: `rows must name their values; ${AS_LINES}`,
    },
  );
}

/**
 * Refuses a file that is one object of columns or the like.
 *
 * @param object The only object of the file.
 * @throws {RowError} Naming the layout and what to do.
 */
export function refuseLayout(object: JsonObject): void {
  const values = Object.values(object);
  const [first] = Object.keys(object);
  if (first === undefined) return;
  if ("schema" in object && Array.isArray(object.data)) {
    throw columns('with a schema (orient="table")');
  }
  refuseInside(object);
  const tables = values.every((value) => isTable(value));
  if (tables && values.every(Array.isArray)) throw columns("of columns");
  if (tables && first === "0") throw columns('of rows (orient="index")');
  if (tables) throw columns('of columns (orient="columns")');
}

/** Refuses an object in one of whose fields the rows are. */
function refuseInside(object: JsonObject): void {
  const inside = Object.keys(object).find((key) => {
    const value = object[key];
    return Array.isArray(value) && value.length > 0 && value.every(isObject);
  });
  const texts = Object.values(object)
    .filter((value) => typeof value === "string");
  if (inside === undefined || texts.length > 1) return;
  throw new RowError(`it is one JSON object whose rows are in "${inside}"`, {
    hint: `write them by themselves, as by: jq -c '.${inside}[]' FILE`,
  });
}

function columns(what: string): RowError {
  return new RowError(`it is one JSON object ${what}, expected one a row`, {
    hint: `write an object a line, in ${AS_LINES}`,
  });
}

function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isObject(value: unknown): boolean {
  return isTable(value) && !Array.isArray(value);
}
