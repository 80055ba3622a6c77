/**
 * The tokens of a tokenizer that have names, and those beside them.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import { showToken, type TokenDraft } from "./added_token.ts";
import type { AddedVocabulary } from "./added_vocabulary.ts";
import { isObject, type JsonObject } from "./json_files.ts";
import {
  NAMED_TOKENS,
  ReadToken,
  textOf,
  type TokenizerArguments,
} from "./legacy_files.ts";

/**
 * Adds a tokenizer's tokens to its vocabulary, as transformers'
 * `TokenizersBackend` does: first those that the files add, then those that
 * have names, then further ones, as far as they are not there yet.
 *
 * @param vocabulary Gets them.
 * @param given The files' settings; the class's defaults are in them.
 * @param problems Gets what is no token.
 */
export function addTokens(
  vocabulary: AddedVocabulary,
  { settings, added }: TokenizerArguments,
  problems: string[],
): void {
  const named = namedTokens(settings, problems);
  const further = furtherTokens(settings, problems);
  const names = new Set(named.map(textOf));
  const known = new Set(added.map(({ content }) => content));
  const others: Token[] = [];
  for (const token of [...named, ...further]) {
    const text = textOf(token)!;
    if (vocabulary.has(text) || known.has(text)) continue;
    // The same text with other flags comes again, and replaces the first.
    if (!others.some((other) => same(other, token))) others.push(token);
  }
  const drafts = [...added, ...others.map(draftOf)];
  vocabulary.add(
    drafts.map((token) =>
      names.has(token.content) ? { ...token, special: true } : token
    ),
  );
}

type Token = string | ReadToken;

const WHERE = "tokenizer_config.json, special_tokens_map.json";

function same(a: Token, b: Token): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  const [x, y] = [a, b].map(({ draft }) => JSON.stringify(showToken(draft, 0)));
  return x === y;
}

/** A mere text is a special token. */
function draftOf(token: Token): TokenDraft {
  return token instanceof ReadToken
    ? token.draft
    : { content: token, special: true };
}

function namedTokens(settings: JsonObject, problems: string[]): Token[] {
  const own = settings.model_specific_special_tokens ?? {};
  if (!isObject(own)) {
    problems.push(
      `model_specific_special_tokens is ${showValue(own)} (${WHERE}), ` +
        "expected an object",
    );
    return [];
  }
  const others = Object.keys(settings).filter((name) =>
    name.endsWith("_token") && !NAMED_TOKENS.includes(name) &&
    isToken(settings[name])
  );
  return [
    ...NAMED_TOKENS.map((name) => [name, settings[name] ?? null] as const),
    ...others.map((name) => [name, settings[name]] as const),
    ...Object.entries(own),
  ].flatMap(([name, value]) => {
    if (value === null && NAMED_TOKENS.includes(name)) return [];
    if (isToken(value)) return [value];
    problems.push(
      `${name} is ${showValue(value)} (${WHERE}), expected a token`,
    );
    return [];
  });
}

function furtherTokens(settings: JsonObject, problems: string[]): Token[] {
  const name = "extra_special_tokens" in settings
    ? "extra_special_tokens"
    : "additional_special_tokens";
  const tokens = settings[name] ?? [];
  if (Array.isArray(tokens) && tokens.every(isToken)) return tokens;
  problems.push(
    `${name} is ${showValue(tokens)} (${WHERE}), expected a list of tokens`,
  );
  return [];
}

function isToken(value: unknown): value is Token {
  return typeof value === "string" || value instanceof ReadToken;
}
