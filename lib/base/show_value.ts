/**
 * Values as error messages show them.
 *
 * @module
 */

const LONGEST = 60;

/**
 * A value of JSON as an error message shows it: cut where it is long, and safe
 * for whatever a file may hold.
 *
 * @param value The value; undefined for one that is not there.
 *
 * @example
 * ```ts
 * import { showValue } from "./show_value.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(showValue(["a", 1]), '["a",1]');
 * assertEquals(showValue(undefined), "missing");
 * ```
 */
export function showValue(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? "missing";
  } catch {
    return "a value nested too deep to be shown";
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
