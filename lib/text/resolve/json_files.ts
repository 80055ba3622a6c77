/**
 * The JSON files of a tokenizer.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";

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

/** A part of a file, the test of it, and what is expected. */
export type ExpectedPart = [
  path: string,
  holds: (value: unknown) => boolean,
  text: string,
];

/**
 * The parts of a `tokenizer.json` that are not as expected.
 *
 * @param json Its content.
 * @param expected What is expected of it.
 * @return A clause each. Of what has another type than expected there is no
 *     more to tell: its other fields are those of that type.
 */
export function wrongParts(
  json: JsonObject,
  expected: readonly ExpectedPart[],
): string[] {
  const wrong = expected.filter(([path, holds]) => !holds(valueAt(json, path)));
  const others = wrong.map(([path]) => path)
    .filter((path) => path.endsWith(".type"))
    .map((path) => path.slice(0, -"type".length));
  return wrong
    .filter(([path]) =>
      path.endsWith(".type") || !others.some((part) => path.startsWith(part))
    )
    .map(([path, _, text]) =>
      `tokenizer.json's ${path} is ${
        showValue(valueAt(json, path))
      }, expected ${text}`
    );
}

/** The value at a path of names with dots between them; undefined if none. */
export function valueAt(json: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (value, name) => isObject(value) ? value[name] : undefined,
    json,
  );
}
