/**
 * The added tokens of a resolved `tokenizer.json`, whichever model it has.
 *
 * @module
 */
import type { AddedToken } from "./added/added_token.ts";
import { showToken } from "./resolve/added_token.ts";
import type { JsonObject } from "./resolve/json_files.ts";
import { readAddedTokens } from "./resolve/legacy_files.ts";
import type { Template } from "./resolve/template.ts";

/** What they have to agree with. */
export interface TokensOf {
  /** The id of each piece. */
  vocabulary: ReadonlyMap<string, number>;
  /** What stands around sentences, which every resolved file tells. */
  template: Template | null;
}

/**
 * Reads the added tokens of a file, and holds them against its vocabulary.
 *
 * @param json The file's content.
 * @param tokenizer What else was read of it, if it could be.
 * @param problems Gets a clause for whatever is not as it should be.
 * @return The tokens as the file has them.
 */
export function readResolvedTokens(
  json: JsonObject,
  tokenizer: TokensOf | undefined,
  problems: string[],
): Record<string, unknown>[] {
  const added = readAddedTokens(json, problems).map(({ id, token }) =>
    showToken(token, id)
  );
  if (tokenizer?.template === null) {
    problems.push("tokenizer.json's post_processor is missing");
  }
  for (const { id, content } of added) {
    const piece = tokenizer?.vocabulary.get(String(content));
    if (piece === undefined || piece === id) continue;
    problems.push(
      `tokenizer.json's added token "${content}" has the id ${id}, and the ` +
        `id ${piece} in its vocabulary`,
    );
  }
  return added;
}

/**
 * Added tokens as they are looked for in texts.
 *
 * @param added The tokens as a `tokenizer.json` has them.
 */
export function addedTokensOf(
  added: readonly Record<string, unknown>[],
): AddedToken[] {
  return added.map((token) => ({
    content: token.content,
    id: token.id,
    normalized: token.normalized,
    singleWord: token.single_word,
    stripsLeft: token.lstrip,
    stripsRight: token.rstrip,
  } as AddedToken));
}
