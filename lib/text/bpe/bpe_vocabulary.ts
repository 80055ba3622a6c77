/**
 * A byte-level BPE tokenizer's one file: the text that files of a tokenizer are
 * resolved into, or any `tokenizer.json` of its kind.
 *
 * @module
 */
import { listProblems } from "../../base/errors.ts";
import type { AddedToken } from "../added/added_token.ts";
import { readJsons } from "../resolve/json_files.ts";
import type { Template } from "../resolve/template.ts";
import { addedTokensOf, readResolvedTokens } from "../resolved_tokens.ts";
import { type FastBpe, readFastBpe } from "./fast_bpe.ts";

/** Everything that tells one byte-level BPE tokenizer from another. */
export interface BpeVocabulary extends FastBpe {
  /** What stands around the sentences. */
  template: Template;
  /** Tokens found in the text as they stand. */
  added: readonly AddedToken[];
}

/**
 * Reads a tokenizer's file.
 *
 * @param text The file's text.
 * @throws {UserError} `bad-vocabulary` with all that is wrong with it.
 */
export function parseBpeVocabulary(text: string): BpeVocabulary {
  const problems: string[] = [];
  const json =
    readJsons(new Map([["tokenizer.json", text]]), problems).tokenizer;
  const tokenizer = json && readFastBpe(json, problems);
  const added = json ? readResolvedTokens(json, tokenizer, problems) : [];
  if (problems.length > 0 || !tokenizer) {
    throw listProblems("Cannot use the tokenizer", problems, {
      code: "bad-vocabulary",
      hint: "the tokenizer.json of a RoBERTa model is expected",
    });
  }
  return {
    ...tokenizer,
    template: tokenizer.template!,
    added: addedTokensOf(added),
  };
}
