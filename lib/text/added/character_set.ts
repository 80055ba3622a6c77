/**
 * Sets of characters, by tables that are short enough for the script of every
 * encoding worker.
 *
 * @module
 */

/** How many code points there are. */
export const CODE_POINTS = 0x110000;

/**
 * Reads a set of characters.
 *
 * @param runs How many code points from U+0000 on are not in the set, how many
 * after them are, and so on in turns; numbers to base 36, a blank between them.
 * @return 1 for each code point of the set, 0 for the others.
 *
 * @example
 * ```ts
 * import { characterSet } from "./character_set.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const capitals = characterSet("1t q");
 * assertEquals([..."@AZ["].map((char) => capitals[char.codePointAt(0)!]), [
 *   0, 1, 1, 0,
 * ]);
 * ```
 */
export function characterSet(runs: string): Uint8Array {
  const set = new Uint8Array(CODE_POINTS);
  let start = 0;
  runs.split(" ").forEach((length, i) => {
    const end = start + parseInt(length, 36);
    if (i % 2 === 1) set.fill(1, start, end);
    start = end;
  });
  return set;
}
