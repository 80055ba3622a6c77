/**
 * Counts what goes through a tokenizer: cutting and encoding leave no trace of
 * it.
 *
 * @module
 */
import type { Tokenizer } from "./tokenizer.ts";

/** What went through a tokenizer. */
export interface TokenCounts {
  /** Tokens of all texts, before any is cut. */
  words: number;
  /** How many of these the vocabulary does not have. */
  unknown: number;
  /** Texts without tokens. */
  empty: number;
}

/** Counts of nothing. */
export function noTokens(): TokenCounts {
  return { words: 0, unknown: 0, empty: 0 };
}

/**
 * A tokenizer that encodes as another, and counts.
 *
 * @param tokenizer The other.
 * @param counts What it adds to.
 *
 * @example
 * ```ts
 * import { countedTokenizer, noTokens } from "./counted_tokenizer.ts";
 * import { createWords } from "./whitespace.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const words = createWords('["<unk>", "<cls>", "<sep>", "a"]', {
 *   lowerCase: true,
 * });
 * const counts = noTokens();
 * countedTokenizer(words, counts).encode("a zebra");
 * assertEquals(counts, { words: 2, unknown: 1, empty: 0 });
 * ```
 */
export function countedTokenizer(
  tokenizer: Tokenizer,
  counts: TokenCounts,
): Tokenizer {
  const { unknown } = tokenizer;
  return {
    ...tokenizer,
    encode(text) {
      const ids = tokenizer.encode(text);
      counts.words += ids.length;
      if (ids.length === 0) counts.empty++;
      for (const id of ids) if (id === unknown) counts.unknown++;
      return ids;
    },
  };
}
