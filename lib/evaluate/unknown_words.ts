/**
 * Says once of a text that a model does not know its words.
 *
 * @module
 */
import { showShare } from "../base/show_value.ts";
import { MOST_UNKNOWN } from "../data/table/warnings/lost_text.ts";
import type { WarningEvent } from "../events/events.ts";
import { countedTokenizer, noTokens } from "../text/counted_tokenizer.ts";
import type { Tokenizer } from "../text/tokenizer.ts";

/** After so many words their share is evident, and the end isn't waited for. */
const EVIDENT = 1000;

/** Watches a model's tokenizer. */
export class UnknownWords {
  /** Encodes as the model's does, and is watched. */
  readonly tokenizer: Tokenizer;
  readonly #counts = noTokens();
  #told = false;

  /** @param tokenizer The model's. */
  constructor(tokenizer: Tokenizer) {
    this.tokenizer = countedTokenizer(tokenizer, this.#counts);
  }

  /**
   * What there is to know of the words so far, if it was not told before.
   *
   * @param options Whether there are no more to come.
   */
  tell({ ended }: { ended: boolean }): WarningEvent | undefined {
    const { words, unknown } = this.#counts;
    if (this.#told || !ended && words < EVIDENT) return undefined;
    if (unknown <= MOST_UNKNOWN * words) return undefined;
    this.#told = true;
    const { kind, size } = this.tokenizer;
    const what = kind === "words" ? "words" : "tokens";
    return {
      event: "warning",
      code: "unknown-words",
      message: `${showShare(unknown, words)} of the ${what} (${unknown} of ` +
        `${words}) are unknown to the model's vocabulary, which has ${size} ` +
        "entries",
      hint: kind === "words"
        ? "its words are what stands between blanks: write “still .”, not " +
          "“still.”; all unknown words look the same to the model"
        : "is the text of another language or field than the model's? all " +
          "such words look the same to it",
    };
  }
}
