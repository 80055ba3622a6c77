/**
 * A WordPiece tokenizer's one file, as version 3 of the text rules reads it:
 * the text that `resolveTokenizer` makes, or any `tokenizer.json` of its kind,
 * or a `vocab.txt` without other files.
 *
 * @module
 */
import { listProblems } from "../../base/errors.ts";
import { makeBert } from "../resolve/bert_tokenizer.ts";
import {
  type FastTokenizer,
  readFastTokenizer,
} from "../resolve/fast_tokenizer.ts";
import { readJsons } from "../resolve/json_files.ts";
import { parseVocabTxt } from "../resolve/vocab_txt.ts";
import { addedTokensOf, readResolvedTokens } from "../resolved_tokens.ts";
import type { WordPieceVocabulary } from "./wordpiece_vocabulary.ts";

/**
 * Reads a tokenizer's file.
 *
 * @param text The file's text; JSON is told by its opening brace.
 * @param options What a `vocab.txt` cannot tell: whether it is lower-cased.
 * @throws {UserError} `bad-vocabulary` with all that is wrong with it.
 */
export function parseResolvedWordPiece(
  text: string,
  options: { lowerCase: boolean },
): WordPieceVocabulary {
  const problems: string[] = [];
  const vocabulary = /^\s*\{\s*"/.test(text)
    ? parseJson(text, problems)
    : parsePieces(text, options.lowerCase, problems);
  if (vocabulary) return vocabulary;
  throw listProblems("Cannot use the tokenizer", problems, {
    code: "bad-vocabulary",
    hint: "a BertTokenizer's tokenizer.json or vocab.txt is expected",
  });
}

function parseJson(
  text: string,
  problems: string[],
): WordPieceVocabulary | undefined {
  const files = new Map([["tokenizer.json", text]]);
  const json = readJsons(files, problems).tokenizer;
  if (json === undefined) return undefined;
  const tokenizer = readFastTokenizer(json, problems);
  const added = readResolvedTokens(json, tokenizer, problems);
  return problems.length > 0 ? undefined : describe(tokenizer!, added);
}

/** As transformers' `BertTokenizer` reads a `vocab.txt` and nothing else. */
function parsePieces(
  text: string,
  lowerCase: boolean,
  problems: string[],
): WordPieceVocabulary | undefined {
  const settings = { do_lower_case: lowerCase };
  const pieces = parseVocabTxt(text);
  const made = makeBert(pieces, { settings, added: [] }, problems);
  return made && describe(made.tokenizer, made.added.show());
}

function describe(
  tokenizer: FastTokenizer,
  added: readonly Record<string, unknown>[],
): WordPieceVocabulary {
  const { normalizer, template } = tokenizer;
  return {
    ids: tokenizer.vocabulary,
    added: addedTokensOf(added),
    cls: template?.cls.id,
    sep: template?.sep.id,
    separators: template?.separators ?? 1,
    cut: tokenizer.cut,
    unknown: tokenizer.unknown,
    prefix: tokenizer.prefix,
    longestWord: tokenizer.longestWord,
    cleanText: normalizer?.clean_text ?? false,
    splitChinese: normalizer?.handle_chinese_chars ?? false,
    stripAccents: normalizer?.strip_accents ?? normalizer?.lowercase ?? false,
    lowerCase: normalizer?.lowercase ?? false,
  };
}
