/**
 * Says what a model doesn't read of the texts that it is given.
 *
 * @module
 */
import type { Pair } from "../data/read/pairs.ts";
import type { WarningEvent } from "../events/events.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { longestInput, type ModelConfig } from "../weights/model_config.ts";
import type { ClassifyOptions } from "./classify.ts";
import { UnknownWords } from "./unknown_words.ts";

/** What is watched, and who is told. */
export interface ReadingWatchOptions {
  /** The model's tokenizer. */
  tokenizer: Tokenizer;
  /** The model; `text` says how its text is made. */
  config: Pick<ModelConfig, "text" | "positions" | "firstPosition">;
  /** Whether it is known that the model learned from text made so. */
  asTrained: boolean;
  /** Is told once of each thing. */
  onWarning: (warning: WarningEvent) => void;
}

/**
 * Watches the classifying of texts: which words the model doesn't know, which
 * premises it doesn't read, which texts were cut.
 */
export class ReadingWatch {
  /** What `classify` is to be given. */
  readonly classifying: ClassifyOptions;
  readonly #options: ReadingWatchOptions;
  readonly #words: UnknownWords;
  #texts = 0;
  #cut = 0;
  #toldPremises = false;

  /** @param options What is watched, and who is told. */
  constructor(options: ReadingWatchOptions) {
    this.#options = options;
    this.#words = new UnknownWords(options.tokenizer);
    this.classifying = {
      tokenizer: this.#words.tokenizer,
      onCut: () => this.#cut++,
    };
  }

  /** Tells what is evident after these texts, which were classified. */
  add(pairs: readonly Pair[]): void {
    const { config: { text }, onWarning } = this.#options;
    this.#texts += pairs.length;
    if (text.sentences === "hypothesis-only" && !this.#toldPremises) {
      this.#toldPremises = pairs.some(({ premise }) => premise !== "");
      if (this.#toldPremises) onWarning(PREMISES_LEFT_OUT);
    }
    this.#tellWords({ ended: false });
  }

  /** Tells what only all texts together show. */
  end(): void {
    const { config, asTrained, onWarning } = this.#options;
    this.#tellWords({ ended: true });
    if (this.#cut === 0) return;
    const { maxLength } = config.text;
    const longest = longestInput(config);
    const more = maxLength < longest
      ? `--max-len reads more, ${longest} at most`
      : "the model takes no more";
    // An answer to the beginning of a text may be none to the whole.
    onWarning({
      event: "warning",
      code: "cut-examples",
      message: `${this.#cut} of ${this.#texts} texts were cut at ` +
        `${maxLength} tokens` +
        (asTrained ? ", as those that the model learned from" : ""),
      hint: "what is beyond them has no part in the answer" +
        (asTrained ? "" : `; ${more}`),
    });
  }

  #tellWords(options: { ended: boolean }): void {
    const warning = this.#words.tell(options);
    if (warning) this.#options.onWarning(warning);
  }
}

const PREMISES_LEFT_OUT: WarningEvent = {
  event: "warning",
  code: "premises-left-out",
  message: "The model was trained on hypotheses alone: it reads no premises",
  hint: "a premise may be left out",
};
