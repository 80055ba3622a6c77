/**
 * What a tokenizer is made with, from all of its small files, put together as
 * transformers' `PreTrainedTokenizerBase._from_pretrained` does.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import { readToken, type TokenDraft } from "./added_token.ts";
import {
  isId,
  isObject,
  type JsonObject,
  type TokenizerJsons,
} from "./json_files.ts";

/** A token that was read from an object. */
export class ReadToken {
  /** @param draft The token. */
  constructor(readonly draft: TokenDraft) {}
}

/** The names of the tokens that every tokenizer may have, in their order. */
export const NAMED_TOKENS = [
  "bos_token",
  "eos_token",
  "unk_token",
  "sep_token",
  "pad_token",
  "cls_token",
  "mask_token",
];

/** What a tokenizer is made with. */
export interface TokenizerArguments {
  /** Settings by name; tokens are strings or {@link ReadToken}. */
  settings: JsonObject;
  /** Tokens beside the vocabulary, in the order in which they are added. */
  added: TokenDraft[];
}

/**
 * Puts a tokenizer's files together.
 *
 * `added_tokens_decoder` in `tokenizer_config.json` makes an end of the older
 * files: where it is, `special_tokens_map.json`, `added_tokens.json` and the
 * added tokens of `tokenizer.json` do not count.
 *
 * @param jsons The files.
 * @param problems Gets what is wrong with them.
 */
export function putTogether(
  { config, specialTokensMap, addedTokens, tokenizer }: TokenizerJsons,
  problems: string[],
): TokenizerArguments {
  const settings: JsonObject = { ...config };
  moveMore(settings);
  moveOwnTokens(settings);
  const added = new FoundTokens();
  const decoder = settings.added_tokens_decoder;
  if (decoder !== undefined) {
    const where = "tokenizer_config.json's added_tokens_decoder";
    if (isObject(decoder)) readDecoder(decoder, added, where, problems);
    else problems.push(`${where} is ${showValue(decoder)}, expected an object`);
  } else {
    readMap(specialTokensMap ?? {}, settings, problems);
    readAdded(addedTokens ?? {}, { settings, added, problems });
    readFast(tokenizer, added, problems);
  }
  const converted = convert(settings, problems) as JsonObject;
  // Where a token has a name, its settings are those of the added one.
  for (const name of NAMED_TOKENS) {
    const token = added.byText.get(textOf(converted[name]) ?? "");
    if (token) converted[name] = new ReadToken(token);
  }
  return { settings: converted, added: added.inOrder() };
}

/** Tokens that the files add. */
class FoundTokens {
  /** Each token, also one whose id another file gives to another. */
  readonly byText = new Map<string, TokenDraft>();
  readonly #byId = new Map<number, TokenDraft>();

  /** Takes a token in; the id is but its place in the order. */
  set(id: number, token: TokenDraft): void {
    this.#byId.set(id, token);
    this.byText.set(token.content, token);
  }

  /** The tokens in the order of their ids. */
  inOrder(): TokenDraft[] {
    return [...this.#byId].sort(([a], [b]) => a - b).map(([, token]) => token);
  }
}

/** The text of a token that is a string or was read; else undefined. */
export function textOf(token: unknown): string | undefined {
  if (token instanceof ReadToken) return token.draft.content;
  return typeof token === "string" ? token : undefined;
}

/** The older name of further tokens, as long as the newer one says nothing. */
function moveMore(settings: JsonObject): void {
  const { additional_special_tokens: older, extra_special_tokens: newer } =
    settings;
  if (older === undefined || !isEmpty(newer)) return;
  delete settings.additional_special_tokens;
  settings.extra_special_tokens = older;
}

/** As Python has it. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) {
    return Object.keys(value).length === 0;
  }
  return !value;
}

/** Tokens under other names, which only this model has. */
function moveOwnTokens(settings: JsonObject): void {
  const own: JsonObject = {};
  for (const [name, value] of Object.entries(settings)) {
    if (NAMED_TOKENS.includes(name) || !name.endsWith("_token")) continue;
    if (typeof value !== "string") continue;
    own[name] = value;
    delete settings[name];
  }
  if (isObject(settings.extra_special_tokens)) {
    Object.assign(own, settings.extra_special_tokens);
    delete settings.extra_special_tokens;
  }
  if (Object.keys(own).length > 0) settings.model_specific_special_tokens = own;
}

function readDecoder(
  decoder: JsonObject,
  added: FoundTokens,
  where: string,
  problems: string[],
): void {
  for (const [id, value] of Object.entries(decoder)) {
    const token = readToken(value);
    if (typeof token === "string") {
      problems.push(`${where}["${id}"] is ${showValue(value)}: ${token}`);
    } else if (!/^\d+$/.test(id)) {
      problems.push(`${where} has the id ${showValue(id)}, expected a number`);
    } else added.set(Number(id), token);
  }
}

/** `special_tokens_map.json`: each of its fields replaces a setting. */
function readMap(
  map: JsonObject,
  settings: JsonObject,
  problems: string[],
): void {
  const special = (value: unknown, where: string) => {
    if (!isObject(value)) return value;
    const token = readToken({ ...value, special: true });
    if (typeof token !== "string") return new ReadToken(token);
    problems.push(
      `special_tokens_map.json's ${where} is ${showValue(value)}: ${token}`,
    );
    return null;
  };
  for (const [name, value] of Object.entries(map)) {
    if (name !== "extra_special_tokens") {
      settings[name] = special(value, name);
    } else if (Array.isArray(value)) {
      const known = settings[name];
      settings[name] = [
        ...Array.isArray(known) ? known : [],
        ...value.map((token) => {
          if (isObject(token) && "special" in token) {
            problems.push(
              `special_tokens_map.json's ${name} has ${showValue(token)}: ` +
                "expected no field `special`",
            );
          }
          return special(token, name);
        }),
      ];
    } else settings[name] = value;
  }
  if (isObject(settings.extra_special_tokens)) {
    settings.model_specific_special_tokens = {
      ...settings.model_specific_special_tokens as JsonObject | undefined,
      ...settings.extra_special_tokens,
    };
    delete settings.extra_special_tokens;
  }
}

/** `added_tokens.json`: a token that is a named one, too, is special. */
function readAdded(
  tokens: JsonObject,
  { settings, added, problems }: {
    settings: JsonObject;
    added: FoundTokens;
    problems: string[];
  },
): void {
  const extra = settings.extra_special_tokens;
  const named = new Set(
    [
      ...NAMED_TOKENS.map((name) => settings[name]),
      ...Array.isArray(extra) ? extra : [],
    ].map(textOf),
  );
  for (const [content, id] of Object.entries(tokens)) {
    if (!isId(id)) {
      problems.push(
        `added_tokens.json's ${showValue(content)} is ${showValue(id)}, ` +
          "expected an id",
      );
      continue;
    }
    const special = named.has(content);
    added.set(id, { content, special, normalized: !special });
  }
}

/** The added tokens of a `tokenizer.json`. */
function readFast(
  tokenizer: JsonObject | undefined,
  added: FoundTokens,
  problems: string[],
): void {
  if (tokenizer === undefined) return;
  for (const { id, token } of readAddedTokens(tokenizer, problems)) {
    added.set(id, token);
  }
}

/**
 * Reads the added tokens of a `tokenizer.json`.
 *
 * @param tokenizer Its content.
 * @param problems Gets what is wrong with them.
 */
export function readAddedTokens(
  { added_tokens: tokens }: JsonObject,
  problems: string[],
): { id: number; token: TokenDraft }[] {
  if (!Array.isArray(tokens)) {
    problems.push(
      `tokenizer.json's added_tokens is ${showValue(tokens)}, expected a list`,
    );
    return [];
  }
  return tokens.flatMap((value, i) => {
    const token = readToken(value);
    const id = isObject(value) ? value.id : undefined;
    if (typeof token !== "string" && isId(id)) return [{ id, token }];
    const wrong = typeof token === "string" ? token : "its id is no id";
    problems.push(
      `tokenizer.json's added_tokens[${i}] is ${showValue(value)}: ${wrong}`,
    );
    return [];
  });
}

/** Lists in lists in which tokens are still looked for. */
const DEEPEST = 32;

/** Objects that say that they are tokens become such, wherever they are. */
function convert(value: unknown, problems: string[], depth = 0): unknown {
  if (value instanceof ReadToken || depth > DEEPEST) return value;
  const inside = (item: unknown) => convert(item, problems, depth + 1);
  if (Array.isArray(value)) return value.map(inside);
  if (!isObject(value)) return value;
  if (value.__type === "AddedToken") {
    const token = readToken(value);
    if (typeof token !== "string") return new ReadToken(token);
    problems.push(
      `tokenizer_config.json has the token ${showValue(value)}: ${token}`,
    );
    return null;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, inside(item)]),
  );
}
