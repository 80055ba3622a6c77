/**
 * The JSON files of a tokenizer.
 *
 * @module
 */

/** An object of JSON. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value can be an id. */
export function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 &&
    (value as number) < 2 ** 32;
}

/** The JSON files of a tokenizer; undefined for those that are not there. */
export interface TokenizerJsons {
  /** The content of `tokenizer_config.json`; empty without. */
  config: JsonObject;
  /** The content of `special_tokens_map.json`. */
  specialTokensMap: JsonObject | undefined;
  /** The content of `added_tokens.json`. */
  addedTokens: JsonObject | undefined;
  /** The content of `tokenizer.json`. */
  tokenizer: JsonObject | undefined;
}

/**
 * Reads the JSON files of a tokenizer.
 *
 * @param files The text of each file, by name.
 * @param problems Gets what is not a JSON object.
 */
export function readJsons(
  files: ReadonlyMap<string, string>,
  problems: string[],
): TokenizerJsons {
  const read = (name: string): JsonObject | undefined => {
    const text = files.get(name);
    if (text === undefined) return undefined;
    try {
      const value: unknown = JSON.parse(text);
      if (isObject(value)) return value;
      problems.push(`${name} is not a JSON object`);
    } catch (error) {
      problems.push(`${name} is not valid JSON: ${(error as Error).message}`);
    }
    return undefined;
  };
  return {
    config: read("tokenizer_config.json") ?? {},
    specialTokensMap: read("special_tokens_map.json"),
    addedTokens: read("added_tokens.json"),
    tokenizer: read("tokenizer.json"),
  };
}
