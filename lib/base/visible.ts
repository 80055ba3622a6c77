/**
 * Text from elsewhere as a terminal may show it.
 *
 * @module
 */

/**
 * What a terminal obeys instead of showing it (C0, C1 and DEL), what turns
 * text around (bidirectional controls), and what breaks or joins lines unseen.
 */
const UNSEEN =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udfff]/g;

/** Escapes that are shorter than a number. */
const SHORT: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * Text on one line, with control, bidirectional and invisible characters made
 * visible, as `\u001b` for Escape: names and sentences come from files that
 * anybody may have written, and must not move the cursor or hide a part.
 *
 * @param text The text.
 *
 * @example
 * ```ts
 * import { visible } from "./visible.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(visible("a\x1b[2Jb\n"), "a\\u001b[2Jb\\n");
 * ```
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (found) =>
    SHORT[found] ??
      found.split("").map((unit) =>
        "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0")
      ).join(""));
}

/**
 * The same for a message of several lines. Those after the first are indented,
 * as this program's own messages have them: no other line break is obeyed.
 *
 * @param text The message.
 */
export function visibleLines(text: string): string {
  return text.split(/\n(?= {2})/).map(visible).join("\n");
}

/**
 * A value of JSON with all of its text made visible, names of fields included.
 *
 * @param value The value.
 */
export function visibleValue<T>(value: T): T {
  if (typeof value === "string") return visible(value) as T;
  if (Array.isArray(value)) return value.map(visibleValue) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      visible(name),
      visibleValue(inner),
    ]),
  ) as T;
}
