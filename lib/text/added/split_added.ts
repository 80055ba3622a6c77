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
  const tree = treeOf(tokens);
  const firsts = firstUnits(tree);
  return (text, ids, encodeRest) => {
    let done = 0;
    for (let at = find(firsts, text, 0); at !== -1;) {
      const token = longestAt(tree, text, at);
      const end = at + (token?.content.length ?? 1);
      if (token && !(token.singleWord && !isWholeWord(text, at, end))) {
        const start = token.stripsLeft ? spaceBefore(text, at) : at;
        if (done < start) encodeRest(text.slice(done, start), ids);
        ids.push(token.id);
        done = token.stripsRight ? spaceAfter(text, end) : end;
      }
      at = find(firsts, text, end);
    }
    if (done < text.length) encodeRest(text.slice(done), ids);
  };
}

/** What may follow in a token, by UTF-16 units. */
interface Node {
  next: Map<number, Node>;
  /** The token that ends here. */
  token: AddedToken | null;
}

function treeOf(tokens: readonly AddedToken[]): Node {
  const root: Node = { next: new Map(), token: null };
  for (const token of tokens) {
    let node = root;
    for (let i = 0; i < token.content.length; i++) {
      const unit = token.content.charCodeAt(i);
      let next = node.next.get(unit);
      if (next === undefined) {
        next = { next: new Map(), token: null };
        node.next.set(unit, next);
      }
      node = next;
    }
    node.token = token;
  }
  return root;
}

/** Finds where a token may begin: an expression skips the rest ten times as fast. */
function firstUnits({ next }: Node): RegExp {
  const units = [...next.keys()].map((unit) =>
    "\\u" + unit.toString(16).padStart(4, "0")
  );
  return new RegExp(`[${units.join("")}]`, "g");
}

/** Where a pattern is found next; -1 if it is not. */
function find(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex - 1 : -1;
}

/** The longest token that begins at a place; null if none does. */
function longestAt(tree: Node, text: string, at: number): AddedToken | null {
  let token: AddedToken | null = null;
  let node: Node | undefined = tree;
  for (let i = at; i < text.length; i++) {
    node = node.next.get(text.charCodeAt(i));
    if (node === undefined) break;
    token = node.token ?? token;
  }
  return token;
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
