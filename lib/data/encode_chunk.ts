/**
 * Encodes a piece of a data set: the work of one message to a worker.
 *
 * @module
 */
import { encodePair, type PairOptions } from "../text/pair.ts";
import type { Tokenizer, TokenizerOptions } from "../text/tokenizer.ts";

/** Everything that decides how text becomes tokens. */
export interface EncoderSetup {
  /** The content of the vocabulary file. */
  vocabulary: string;
  /** Which tokenizer that is. */
  tokenizer: TokenizerOptions;
  /** Longest encoded pair, and how longer ones are cut. */
  pair: PairOptions;
}

/** Pairs to encode; both arrays are as long. */
export interface TextChunk {
  /** First sentences. */
  premises: string[];
  /** Second sentences; null where there is none. */
  hypotheses: (string | null)[];
}

/** Encoded pairs, in the order of their texts. */
export interface EncodedChunk {
  /** All pairs' token ids, one pair after the other. */
  tokens: Int32Array<ArrayBuffer>;
  /** Tokens of each pair. */
  lengths: Int32Array<ArrayBuffer>;
  /** Where segment 1 begins in each pair; its length if it has none. */
  second: Int32Array<ArrayBuffer>;
}

/**
 * Encodes pairs.
 *
 * @param tokenizer Of the model.
 * @param chunk The pairs.
 * @param options Longest result, and how to cut.
 */
export function encodeChunk(
  tokenizer: Tokenizer,
  chunk: TextChunk,
  options: PairOptions,
): EncodedChunk {
  const pairs = chunk.premises.map((premise, i) =>
    encodePair(tokenizer, premise, chunk.hypotheses[i], options)
  );
  return {
    tokens: Int32Array.from(pairs.flatMap(({ tokens }) => tokens)),
    lengths: Int32Array.from(pairs, ({ tokens }) => tokens.length),
    second: Int32Array.from(pairs, ({ second }) => second),
  };
}
