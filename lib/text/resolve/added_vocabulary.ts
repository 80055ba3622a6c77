/**
 * The ids of tokens beside the vocabulary, as Hugging Face's tokenizers 0.23
 * give them: those of the vocabulary to tokens that it has, new ones behind it
 * to others. What files say of ids is not read there either.
 *
 * @module
 */
import { showToken, type TokenDraft } from "./added_token.ts";

/** Tokens beside a vocabulary. */
export class AddedVocabulary {
  readonly #vocabulary: ReadonlyMap<string, number>;
  readonly #ids = new Map<string, number>();
  readonly #tokens = new Map<number, TokenDraft>();

  /** @param vocabulary The id of each piece. */
  constructor(vocabulary: ReadonlyMap<string, number>) {
    this.#vocabulary = vocabulary;
  }

  /** Adds tokens that are new, or other than those of the same text. */
  add(tokens: readonly TokenDraft[]): void {
    // It counts pieces, so ids may meet where those of the pieces have gaps.
    const size = this.#vocabulary.size;
    let next = this.#tokens.keys().reduce((a, b) => Math.max(a, b + 1), size);
    for (const token of tokens) {
      if (token.content === "") continue;
      const id = this.idOf(token.content) ?? next++;
      this.#ids.set(token.content, id);
      this.#tokens.set(id, token);
    }
  }

  /** The id of a token, added or not. */
  idOf(content: string): number | undefined {
    return this.#ids.get(content) ?? this.#vocabulary.get(content);
  }

  /** The ids of the tokens that were added. */
  ids(): Iterable<number> {
    return this.#tokens.keys();
  }

  /** Whether a token of this text was added. */
  has(content: string): boolean {
    return this.#tokens.values().some((token) => token.content === content);
  }

  /** The tokens as a `tokenizer.json` has them, in the order of their ids. */
  show(): Record<string, unknown>[] {
    return [...this.#tokens].sort(([a], [b]) => a - b)
      .map(([id, token]) => showToken(token, id));
  }
}
