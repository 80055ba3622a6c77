/**
 * Tokens beside the vocabulary, as the files of a tokenizer describe them.
 *
 * @module
 */
import { isObject } from "./json_files.ts";

/** A token that is found in a text as it stands; what is absent is usual. */
export interface TokenDraft {
  /** Its text. */
  content: string;
  /** Whether it is one of the model's own signs, as `[MASK]`. */
  special: boolean;
  /** Whether it is no part of a longer word. */
  singleWord?: boolean;
  /** Whether it takes the blanks before it along. */
  lstrip?: boolean;
  /** Whether it takes the blanks behind it along. */
  rstrip?: boolean;
  /** Whether it is looked for in the normalized text; unless special if absent. */
  normalized?: boolean;
}

/** The fields of a token in the files, and here. */
const FLAGS = [
  ["single_word", "singleWord"],
  ["lstrip", "lstrip"],
  ["rstrip", "rstrip"],
  ["normalized", "normalized"],
  ["special", "special"],
] as const;

/**
 * Reads a token as an object of a file.
 *
 * @param value What should be a token.
 * @return The token, or what is wrong with it.
 */
export function readToken(value: unknown): TokenDraft | string {
  if (!isObject(value)) return "expected an object with `content`";
  if (typeof value.content !== "string") return "its content is no string";
  const token: TokenDraft = { content: value.content, special: false };
  for (const [name, key] of FLAGS) {
    const flag = value[name];
    if (flag === undefined) continue;
    if (typeof flag !== "boolean") return `its ${name} is no boolean`;
    token[key] = flag;
  }
  return token;
}

/** The same token as a `tokenizer.json` has it. */
export function showToken(
  { content, special, singleWord, lstrip, rstrip, normalized }: TokenDraft,
  id: number,
): Record<string, unknown> {
  return {
    id,
    content,
    single_word: singleWord ?? false,
    lstrip: lstrip ?? false,
    rstrip: rstrip ?? false,
    normalized: normalized ?? !special,
    special,
  };
}
