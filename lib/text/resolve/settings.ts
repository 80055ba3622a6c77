/**
 * Settings of a tokenizer that are no tokens.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import type { JsonObject } from "./json_files.ts";

/** The setting of a name, what it may be besides absent, and more of it. */
export type Setting = readonly [
  name: string,
  holds: (value: unknown) => boolean,
  text: string,
];

const isSide = (value: unknown) => value === "left" || value === "right";

const ALLOWED: Setting[] = [
  ["truncation_side", isSide, '"left" or "right"'],
  ["padding_side", isSide, '"left" or "right"'],
  [
    "model_max_length",
    (v) => v === null || typeof v === "number" && v >= 1,
    "a number, at least 1",
  ],
  ["max_len", (v) => v === null || typeof v === "number", "a number"],
  ["model_input_names", (v) => Array.isArray(v), "a list of names"],
  ["split_special_tokens", (v) => v === false, "false, or nothing"],
  [
    "fast_tokenizer_files",
    (v) => Array.isArray(v) && v.every((name) => name === "tokenizer.json"),
    'no file but "tokenizer.json"',
  ],
  ["init_inputs", (v) => Array.isArray(v) && v.length === 0, "an empty list"],
  ["vocab", () => false, "nothing: the vocabulary has a file of its own"],
  ["merges", () => false, "nothing: the pairs have a file of their own"],
];

/**
 * Finds settings that transformers refuses, or that are not done here.
 *
 * @param settings The tokenizer's.
 * @param problems Gets what is wrong with them.
 */
export function checkSettings(
  settings: JsonObject,
  problems: string[],
): void {
  for (const [name, holds, expected] of ALLOWED) {
    const value = settings[name];
    if (value === undefined || holds(value)) continue;
    problems.push(
      `tokenizer_config.json's ${name} is ${showValue(value)}, ` +
        `expected ${expected}`,
    );
  }
}

/**
 * Which end of a text goes that is too long.
 *
 * @param settings The tokenizer's.
 * @param file What its `tokenizer.json` says, if it is there.
 */
export function cutOf(
  { truncation_side: side }: JsonObject,
  file: { cut: "left" | "right" } | undefined,
): "left" | "right" {
  return (side ?? file?.cut) === "left" ? "left" : "right";
}

/** Lengths from here on are transformers' way to say that there is none. */
const NO_LENGTH = 2 ** 31;

/**
 * Most tokens of an example, as transformers takes them where the caller says
 * none.
 *
 * @param settings The tokenizer's.
 */
export function maxLengthOf(settings: JsonObject): number | undefined {
  const { model_max_length: told = settings.max_len } = settings;
  return typeof told === "number" && told < NO_LENGTH
    ? Math.floor(told)
    : undefined;
}

/**
 * What becomes of settings that do not count.
 *
 * @param settings The tokenizer's.
 * @param unused Those of older versions and other tokenizers: what is done
 * whatever they say, and what they may say of it.
 */
export function unusedSettings(
  settings: JsonObject,
  unused: readonly Setting[],
): string[] {
  return unused.filter(([name, usual]) => !usual(settings[name])).map((
    [name, , done],
  ) =>
    `tokenizer_config.json's ${name} is ${showValue(settings[name])}, which ` +
    `transformers does not heed: ${done}`
  );
}
