/**
 * Text as BERT reads it: tokenizers of whole words and of word pieces, and
 * one or two sentences as token ids.
 *
 * Take this entry to tokenize as a model does, without the model.
 *
 * @example Encode a pair of sentences
 * ```ts
 * import { createTokenizer, encodePair, TEXT_RULES } from "@premise/premise/text";
 * import { assertEquals } from "@std/assert";
 *
 * const vocabulary = ["[UNK]", "[CLS]", "[SEP]", "a", "dog", "run", "##s", "."];
 * const tokenizer = createTokenizer(vocabulary.join("\n"), {
 *   kind: "wordpiece",
 *   lowerCase: true,
 *   rules: TEXT_RULES,
 * });
 *
 * const { tokenIds } = encodePair(tokenizer, "A dog runs.", "A cat runs.", {
 *   maxLength: 128,
 *   truncation: "longest-first",
 * });
 * assertEquals(tokenIds, [1, 3, 4, 5, 6, 7, 2, 3, 0, 5, 6, 7, 2]);
 * ```
 *
 * @module
 */
export {
  createTokenizer,
  openTokenizer,
  tokenizerOf,
  type Vocabulary,
} from "./open_tokenizer.ts";
export type { TokenizerClass } from "./resolve/tokenizer_sources.ts";
export type {
  Tokenizer,
  TokenizerOptions,
  TokenizerSettings,
} from "./tokenizer.ts";
export {
  type EncodedPair,
  encodePair,
  type PairOptions,
  type Sentences,
  type Truncation,
} from "./pair.ts";
export {
  recipeDifferences,
  TEXT_RULES,
  type TextRecipe,
  tokenizerOptions,
} from "./recipe.ts";
