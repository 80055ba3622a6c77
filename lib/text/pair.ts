/**
 * One or two sentences as BERT's input: `<cls> premise <sep> hypothesis <sep>`
 * (Devlin et al., 2018, section 3.2; the book's `get_tokens_and_segments` and
 * `SNLIBERTDataset`), or as RoBERTa's, which has two `<sep>` between them.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import type { Tokenizer } from "./tokenizer.ts";

/**
 * How a pair that is too long is cut: `longest-first` drops the last word of
 * the longer sentence until the pair fits, as the book does;
 * `longest-first-hf` does so as Hugging Face's fast tokenizers do, which leave
 * the odd word to the longer sentence; `ratio` keeps the sentences' proportion.
 */
export type Truncation = "longest-first" | "longest-first-hf" | "ratio";

/**
 * What an example is made of: two sentences, one, or a pair of which only the
 * hypothesis is read.
 */
export type Sentences = "pair" | "single" | "hypothesis-only";

/** What is read of an example, how long it may be, and how it is cut. */
export interface PairOptions {
  /**
   * Most tokens, the special ones included; at least 3, or 4 where two
   * separators stand between sentences.
   */
  maxLength: number;
  /** How a longer pair is cut. */
  truncation: Truncation;
  /** What an example is made of; a pair or a single sentence if not said. */
  sentences?: Sentences | undefined;
}

/** An encoded example. */
export interface EncodedPair {
  /** Token ids with the special ones, at most `maxLength`. */
  tokenIds: number[];
  /**
   * Index of the first token after the separators between two sentences, where
   * BERT's segment 1 begins; the number of tokens if there is no second sentence.
   */
  second: number;
}

/**
 * How many words of each sentence stay, from the front.
 *
 * `longest-first` gives what the book's loop leaves, which pops a word from the
 * premise if that is longer and from the hypothesis otherwise.
 * `longest-first-hf` differs where both sentences are cut to an odd number of
 * words: the one word more goes to the sentence that was longer, or to the
 * hypothesis of two that were equally long. `ratio` keeps
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
  const kept = keptOfPremise[mode](premise, hypothesis, budget);
  return [kept, budget - kept];
}

/** Words of the premise that stay of a pair that is too long. */
const keptOfPremise: Record<
  Truncation,
  (premise: number, hypothesis: number, budget: number) => number
> = {
  "longest-first": longestFirst,
  "longest-first-hf": longestFirstOfHuggingFace,
  ratio: proportion,
};

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

/** As tokenizers' `truncate_encodings` has it since its version 0.9. */
function longestFirstOfHuggingFace(
  premise: number,
  hypothesis: number,
  budget: number,
): number {
  const kept = longestFirst(premise, hypothesis, budget);
  const both = budget < 2 * Math.min(premise, hypothesis);
  return both && premise <= hypothesis ? budget - kept : kept;
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
 * Encodes a pair as `<cls> premise <sep> hypothesis <sep>`, with as many `<sep>`
 * between the sentences as the tokenizer says, or a single sentence as
 * `<cls> premise <sep>`. An empty hypothesis is a second sentence without words.
 * Where only hypotheses are read, the premise is taken as empty.
 *
 * @param tokenizer The model's tokenizer.
 * @param premise The first sentence.
 * @param hypothesis The second sentence, or null for none.
 * @param options Longest result, how to cut, and what is read; a model's text
 * recipe says all of it.
 * @throws {UserError} `wrong-sentences` if there is a second sentence and only
 * single ones are read, or the reverse; `bad-length` if not even the special
 * tokens of a pair fit.
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
  const { cls, sep, separators } = tokenizer;
  const { maxLength, truncation, sentences } = options;
  if (sentences !== undefined) checkSentences(sentences, hypothesis);
  const read = sentences === "hypothesis-only" ? "" : premise;
  const first = tokenizer.encode(read);
  if (hypothesis === null) {
    const kept = keep(first, maxLength - 2, tokenizer);
    const tokenIds = [cls, ...kept, sep];
    return { tokenIds, second: tokenIds.length };
  }
  const other = tokenizer.encode(hypothesis);
  checkRoom(tokenizer, maxLength);
  const [p, h] = truncatePair(first.length, other.length, {
    budget: maxLength - specialTokens(tokenizer),
    mode: truncation,
  });
  const between = separators === 1 ? [sep] : [sep, sep];
  return {
    tokenIds: [
      cls,
      ...keep(first, p, tokenizer),
      ...between,
      ...keep(other, h, tokenizer),
      sep,
    ],
    second: 1 + p + separators,
  };
}

/**
 * How many special tokens a pair has.
 *
 * @param tokenizer The model's tokenizer.
 */
export function specialTokens({ separators }: Tokenizer): number {
  return separators + 2;
}

/**
 * Refuses a length that not even the special tokens of a pair have.
 *
 * @param tokenizer The model's tokenizer.
 * @param maxLength Most tokens of a pair.
 * @throws {UserError} `bad-length`.
 */
export function checkRoom(tokenizer: Tokenizer, maxLength: number): void {
  const least = specialTokens(tokenizer);
  if (maxLength >= least) return;
  throw new UserError(
    `Cannot encode the text: pairs of up to ${maxLength} tokens have no room ` +
      `for the ${least} special ones that this tokenizer puts around them`,
    { code: "bad-length", hint: `--max-len takes ${least} and more` },
  );
}

/** What stays of a sentence. */
function keep(ids: number[], count: number, { cut }: Tokenizer): number[] {
  return cut === "right"
    ? ids.slice(0, count)
    : ids.slice(Math.max(0, ids.length - count));
}

/** Nothing is made up for a sentence that is missing, and none is left out. */
function checkSentences(
  sentences: Sentences,
  hypothesis: string | null,
): void {
  if ((hypothesis === null) === (sentences === "single")) return;
  const expected = {
    pair: "pairs of sentences, and this has only one",
    single: "single sentences, and this is a pair",
    "hypothesis-only": "hypotheses, and this has none",
  };
  throw new UserError(
    `Cannot encode the text: the model reads ${expected[sentences]}`,
    {
      code: "wrong-sentences",
      hint: "give what the model was trained on",
    },
  );
}
