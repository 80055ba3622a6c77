/**
 * Cuts added tokens out of texts, as Hugging Face's tokenizers do.
 *
 * @module
 */
import type { AddedToken } from "./added_token.ts";
import { characterSet } from "./character_set.ts";
import { WORD_CHARACTERS } from "./word_table.ts";

/**
 * Cuts a text at the tokens that are found in it.
 *
 * @param text The text.
 * @param ids Where the ids of the tokens go, in their order.
 * @param encodeRest Adds the ids of what is between them.
 */
export type AddedSplitter = (
  text: string,
  ids: number[],
  encodeRest: (text: string, ids: number[]) => void,
) => void;

/**
 * Makes what cuts texts at tokens: at the leftmost that is found, and at the
 * longest of those that begin there.
 *
 * @param tokens The tokens; of two with the same text the last counts.
 *
 * @example
 * ```ts
 * import { createAddedSplitter } from "./split_added.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const split = createAddedSplitter([{
 *   content: "<mask>",
 *   id: 4,
 *   normalized: false,
 *   singleWord: false,
 *   stripsLeft: true,
 *   stripsRight: false,
 * }]);
 * const ids: number[] = [];
 * split("a <mask> b", ids, (rest, ids) => ids.push(rest.length));
 * assertEquals(ids, [1, 4, 2]);
 * ```
 */
export function createAddedSplitter(
  tokens: readonly AddedToken[],
): AddedSplitter {
  if (tokens.length === 0) {
    return (text, ids, encodeRest) => {
      if (text !== "") encodeRest(text, ids);
    };
  }
  const byContent = new Map(tokens.map((token) => [token.content, token]));
  const longestFirst = [...byContent.keys()]
    .sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(RegExp.escape).join("|"), "g");
  return (text, ids, encodeRest) => {
    let done = 0;
    pattern.lastIndex = 0;
    for (
      let match = pattern.exec(text);
      match !== null;
      match = pattern.exec(text)
    ) {
      const token = byContent.get(match[0])!;
      const { index } = match;
      const end = index + token.content.length;
      if (token.singleWord && !isWholeWord(text, index, end)) continue;
      const start = token.stripsLeft ? spaceBefore(text, index) : index;
      if (done < start) encodeRest(text.slice(done, start), ids);
      ids.push(token.id);
      done = token.stripsRight ? spaceAfter(text, end) : end;
    }
    if (done < text.length) encodeRest(text.slice(done), ids);
  };
}

/** Where the white space begins that ends at a place. */
function spaceBefore(text: string, end: number): number {
  let start = end;
  while (start > 0 && isSpace(text[start - 1])) start--;
  return start;
}

/** Where the white space ends that begins at a place. */
function spaceAfter(text: string, start: number): number {
  let end = start;
  while (end < text.length && isSpace(text[end])) end++;
  return end;
}

/** Whether a UTF-16 unit is white space; none takes two units. */
function isSpace(unit: string): boolean {
  return /\p{White_Space}/u.test(unit);
}

let wordCharacters: Uint8Array | undefined;

/** Whether no word goes on before and after a part of a text. */
function isWholeWord(text: string, start: number, end: number): boolean {
  wordCharacters ??= characterSet(WORD_CHARACTERS);
  const before = /.$/su.exec(text.slice(Math.max(0, start - 2), start))?.[0];
  const after = text.codePointAt(end);
  return !(before && wordCharacters[before.codePointAt(0)!]) &&
    !(after !== undefined && wordCharacters[after]);
}
