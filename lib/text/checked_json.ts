/**
 * JSON that is checked by hand: this runs on every encoding worker, where a
 * schema library would be most of the script.
 *
 * @module
 */
import { listProblems, UserError } from "../base/errors.ts";
import { showValue } from "../base/show_value.ts";

/** Where a part of the JSON is, what is expected there, and the test of it. */
export type Expected = readonly [
  path: string,
  expected: string,
  holds: (value: unknown) => boolean,
];

/**
 * Reads JSON and checks its parts.
 *
 * @param text The JSON.
 * @param expected What is expected of it.
 * @param hint What to do where it is not so.
 * @return What the JSON is.
 * @throws {UserError} `bad-vocabulary` if it is no JSON, or that lists the parts
 * that are not as expected.
 */
export function parseChecked(
  text: string,
  expected: readonly Expected[],
  hint: string,
): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UserError(
      `Cannot read the tokenizer: it is not valid JSON: ${
        (cause as Error).message
      }`,
      { code: "bad-vocabulary", cause, hint: "download the file again" },
    );
  }
  const problems = expected.flatMap(([path, expected, holds]) => {
    const value = valueAt(json, path);
    return holds(value)
      ? []
      : [`${path} is ${showValue(value)}, expected ${expected}`];
  });
  if (problems.length === 0) return json;
  throw listProblems("Cannot use the tokenizer", problems, {
    code: "bad-vocabulary",
    hint,
  });
}

function valueAt(json: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (value, name) => isObject(value) ? value[name] : undefined,
    json,
  );
}

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value can be an id. */
export function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Whether a value is a string. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether a value is true or false. */
export function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}
