/**
 * One or two sentences as BERT's input: `<cls> premise <sep> hypothesis <sep>`
 * (Devlin et al., 2018, section 3.2; the book's `get_tokens_and_segments` and
 * `SNLIBERTDataset`).
 *
 * @module
 */
import type { Tokenizer } from "./tokenizer.ts";

/**
 * How a pair that is too long is cut: `longest-first` drops the last word of
 * the longer sentence until the pair fits, as the book does; `ratio` keeps the
 * sentences' proportion.
 */
export type Truncation = "longest-first" | "ratio";

/** What the length of a pair may be, and how it is cut. */
export interface PairOptions {
  /** Most tokens, the special ones included; at least 3. */
  maxLength: number;
  /** How a longer pair is cut. */
  truncation: Truncation;
}

/** An encoded example. */
export interface EncodedPair {
  /** Token ids with the special ones, at most `maxLength`. */
  tokenIds: number[];
  /**
   * Index of the first token of segment 1; the number of tokens if there is
   * no second sentence.
   */
  second: number;
}

/**
 * How many words of each sentence stay, from the front.
 *
 * `longest-first` gives what the book's loop leaves, which pops a word from the
 * premise if that is longer and from the hypothesis otherwise. `ratio` keeps
 * `round(budget * premise / (premise + hypothesis))` words of the premise, but
 * leaves each sentence that has words at least one if the budget allows.
 *
 * @param premise Words of the premise.
 * @param hypothesis Words of the hypothesis.
 * @param options `budget`, the most words of both together, 0 or more; `mode`.
 * @return Words kept of the premise and of the hypothesis.
 *
 * @example
 * ```ts
 * import { truncatePair } from "./pair.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   truncatePair(8, 4, { budget: 7, mode: "longest-first" }),
 *   [4, 3],
 * );
 * assertEquals(truncatePair(8, 4, { budget: 6, mode: "ratio" }), [4, 2]);
 * ```
 */
export function truncatePair(
  premise: number,
  hypothesis: number,
  options: { budget: number; mode: Truncation },
): [premise: number, hypothesis: number] {
  const { budget, mode } = options;
  const total = premise + hypothesis;
  if (total <= budget) return [premise, hypothesis];
  const kept = mode === "ratio"
    ? proportion(premise, hypothesis, budget)
    : longestFirst(premise, hypothesis, budget);
  return [kept, budget - kept];
}

/** Words that `longest-first` keeps of the premise. */
function longestFirst(
  premise: number,
  hypothesis: number,
  budget: number,
): number {
  const shorter = Math.min(premise, hypothesis);
  // Either the longer sentence alone gives way, or both come down to the same
  // length and then take turns, the hypothesis first.
  if (budget < 2 * shorter) return Math.ceil(budget / 2);
  return premise > hypothesis ? budget - hypothesis : premise;
}

/** Words that `ratio` keeps of the premise. */
function proportion(
  premise: number,
  hypothesis: number,
  budget: number,
): number {
  const share = Math.round(budget * premise / (premise + hypothesis));
  if (premise === 0 || hypothesis === 0 || budget < 2) return share;
  return Math.min(Math.max(share, 1), budget - 1);
}

/**
 * Encodes a pair as `<cls> premise <sep> hypothesis <sep>`, or a single
 * sentence as `<cls> premise <sep>`. An empty hypothesis is a second sentence
 * without words.
 *
 * @param tokenizer Of the model.
 * @param premise The first sentence.
 * @param hypothesis The second sentence, or null for none.
 * @param options Longest result, and how to cut.
 *
 * @example
 * ```ts
 * import { encodePair } from "./pair.ts";
 * import { createWords } from "./whitespace.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = createWords(
 *   '["<unk>", "<cls>", "<sep>", "a", "horse"]',
 *   { lowerCase: true },
 * );
 * assertEquals(
 *   encodePair(tokenizer, "A horse", "a zebra", {
 *     maxLength: 128,
 *     truncation: "longest-first",
 *   }),
 *   { tokenIds: [1, 3, 4, 2, 3, 0, 2], second: 4 },
 * );
 * ```
 */
export function encodePair(
  tokenizer: Tokenizer,
  premise: string,
  hypothesis: string | null,
  options: PairOptions,
): EncodedPair {
  const { cls, sep } = tokenizer;
  const { maxLength, truncation } = options;
  const first = tokenizer.encode(premise);
  if (hypothesis === null) {
    const tokenIds = [cls, ...first.slice(0, maxLength - 2), sep];
    return { tokenIds, second: tokenIds.length };
  }
  const other = tokenizer.encode(hypothesis);
  const [p, h] = truncatePair(first.length, other.length, {
    budget: maxLength - 3,
    mode: truncation,
  });
  return {
    tokenIds: [cls, ...first.slice(0, p), sep, ...other.slice(0, h), sep],
    second: p + 2,
  };
}
