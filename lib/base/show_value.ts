/**
 * Values as messages show them.
 *
 * @module
 */

const LONGEST = 60;

/**
 * A share in per cent, as `85 %`, and as `0.42 %` where it is small.
 *
 * @param part The part.
 * @param whole What it is a part of; not 0.
 *
 * @example
 * ```ts
 * import { showShare } from "./show_value.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([showShare(17, 20), showShare(1, 240)], ["85 %", "0.42 %"]);
 * ```
 */
export function showShare(part: number, whole: number): string {
  const value = 100 * part / whole;
  return `${value < 10 ? Number(value.toPrecision(2)) : Math.round(value)} %`;
}

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
 * assertEquals(showValue("a".repeat(99)).slice(-6), 'aa..."');
 * ```
 */
export function showValue(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? "missing";
  } catch {
    return "a value nested too deep to be shown";
  }
  if (text.length <= LONGEST) return text;
  return typeof value === "string"
    ? `${beginning(text)}..."`
    : `${text.slice(0, LONGEST)}...`;
}

/** The first characters of a quoted text, none of them cut in two. */
function beginning(quoted: string): string {
  const whole =
    /^(?:\\u[0-9a-f]{4}|\\[^u]|[^\\\ud800-\udfff]|[\ud800-\udbff][\udc00-\udfff])*/;
  return whole.exec(quoted.slice(0, LONGEST))![0];
}
