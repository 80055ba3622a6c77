/**
 * How a model's text becomes tokens: kept with encoded data and with the models
 * that are trained on them, so that whoever uses a model reads as it learned to.
 *
 * @module
 */
import type { PairOptions } from "./pair.ts";
import type { TokenizerOptions, TokenizerSettings } from "./tokenizer.ts";

/**
 * The newest version of the text rules, which tokenizers and cutting follow.
 * What was made by older ones keeps them. Version 2 takes characters for what
 * Hugging Face's tokenizers take them for, where Unicode versions differ. Version
 * 3 reads all of a tokenizer's files, as transformers does.
 */
export const TEXT_RULES = 3;

/** All that turns text into tokens, but for the tokenizer's own files. */
export interface TextRecipe extends PairOptions {
  /** The version of the text rules, from 1 to {@link TEXT_RULES}. */
  rules: number;
  /** Which tokenizer the model's files are of. */
  tokenizer: TokenizerSettings;
}

/**
 * The newest version of the text rules of a tokenizer: whole words have followed
 * the same ones from the first.
 *
 * @param kind Which tokenizer.
 */
export function newestRules(kind: TokenizerSettings["kind"]): number {
  return kind === "words" ? 1 : TEXT_RULES;
}

/**
 * How a recipe's tokenizer is made.
 *
 * @param recipe The recipe.
 */
export function tokenizerOptions(
  { tokenizer, rules }: TextRecipe,
): TokenizerOptions {
  return { ...tokenizer, rules };
}

/**
 * In what two recipes differ.
 *
 * @param found A recipe.
 * @param expected What it should be.
 * @return One phrase a difference, as `its pairs are cut by "ratio", not by
 * "longest-first"`. Where either says nothing of the sentences, any will do.
 *
 * @example
 * ```ts
 * import { recipeDifferences, type TextRecipe } from "./recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const recipe: TextRecipe = {
 *   rules: 1,
 *   tokenizer: { kind: "words", lowerCase: true },
 *   maxLength: 128,
 *   truncation: "longest-first",
 *   sentences: "pair",
 * };
 * assertEquals(recipeDifferences({ ...recipe, maxLength: 64 }, recipe), [
 *   "its text has up to 64 tokens, not 128",
 * ]);
 * ```
 */
export function recipeDifferences(
  found: TextRecipe,
  expected: TextRecipe,
): string[] {
  return [
    ...tokenDifferences(found, expected),
    ...cutDifferences(found, expected),
  ];
}

/** In what two recipes differ that changes the tokens of every text. */
export function tokenDifferences(
  found: TextRecipe,
  expected: TextRecipe,
): string[] {
  const [is, should] = [found.sentences, expected.sentences];
  return [
    found.rules !== expected.rules &&
    `its text follows version ${found.rules} of the text rules, ` +
      `not ${expected.rules}`,
    found.tokenizer.kind !== expected.tokenizer.kind &&
    `its tokenizer is of "${found.tokenizer.kind}", ` +
      `not of "${expected.tokenizer.kind}"`,
    found.tokenizer.lowerCase !== expected.tokenizer.lowerCase &&
    `its text ${found.tokenizer.lowerCase ? "is" : "is not"} lower-cased`,
    is !== undefined && should !== undefined && is !== should &&
    `its examples are ${SHOWN[is]}, not ${SHOWN[should]}`,
  ].filter((difference) => difference !== false);
}

/** In what two recipes differ that changes only texts that are too long. */
export function cutDifferences(
  found: TextRecipe,
  expected: TextRecipe,
): string[] {
  const { sentences = expected.sentences } = found;
  return [
    found.maxLength !== expected.maxLength &&
    `its text has up to ${found.maxLength} tokens, not ${expected.maxLength}`,
    found.truncation !== expected.truncation && sentences !== "single" &&
    `its pairs are cut by "${found.truncation}", not by "${expected.truncation}"`,
  ].filter((difference) => difference !== false);
}

/** Kinds of examples, as they are told. */
const SHOWN = {
  pair: "pairs of sentences",
  single: "single sentences",
  "hypothesis-only": "hypotheses without their premises",
};

/**
 * Says what is wrong with a version of the text rules.
 *
 * @param rules What a file says; undefined if it says nothing.
 * @return Undefined if this program knows these rules.
 */
export function unknownRules(rules: unknown): string | undefined {
  if (rules === undefined) return undefined;
  if (Number.isSafeInteger(rules) && Number(rules) <= TEXT_RULES) {
    return undefined;
  }
  return `its text follows version ${JSON.stringify(rules)} of the text ` +
    `rules, and this program knows them up to version ${TEXT_RULES}; ` +
    "a newer version of it is needed";
}
