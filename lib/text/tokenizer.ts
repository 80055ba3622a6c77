/**
 * What every tokenizer of this library can do.
 *
 * @module
 */
import type { TokenizerClass } from "./resolve/tokenizer_sources.ts";

/** Turns text into the ids of one vocabulary. */
export interface Tokenizer {
  /** Whole words as the book's BERT has them, word pieces as Google's, bytes as RoBERTa. */
  readonly kind: "words" | "wordpiece" | "bpe";
  /** How many ids there are: every id is in `0 .. size - 1`. */
  readonly size: number;
  /** Id of the token that opens an example, `<cls>` or `[CLS]`. */
  readonly cls: number;
  /** Id of the token that closes a sentence, `<sep>` or `[SEP]`. */
  readonly sep: number;
  /** How many of them stand between two sentences: BERT has 1, RoBERTa 2. */
  readonly separators: 1 | 2;
  /**
   * Id of the token that stands for every unknown word, `<unk>` or `[UNK]`; null
   * if none is unknown, as where words are made of bytes.
   */
  readonly unknown: number | null;
  /** Which end of a text that is too long goes: its words from there. */
  readonly cut: "left" | "right";
  /** Gives the ids of a sentence, without `cls` and `sep`; empty for text without words. */
  encode(text: string): number[];
}

/** What a vocabulary file doesn't tell about its tokenizer. */
export interface TokenizerSettings {
  /** Which of the tokenizers the vocabulary is of. */
  kind: Tokenizer["kind"];
  /**
   * Whether text is lower-cased first; a `tokenizer.json` says so itself, and
   * byte-level BPE never does.
   */
  lowerCase: boolean;
  /**
   * The class of transformers that reads the tokenizer's files, which decides
   * what counts of them; from version 3 of the text rules, if it has such files.
   */
  class?: TokenizerClass | undefined;
}

/** How a tokenizer is made. */
export interface TokenizerOptions extends TokenizerSettings {
  /**
   * The version of the text rules that it follows: the newest, `TEXT_RULES`, or
   * what a model was trained by.
   */
  rules: number;
}
