/**
 * What every tokenizer of this library can do, and how one is opened.
 *
 * @module
 */
import { UserError } from "../errors.ts";
import { createWords } from "./whitespace.ts";
import { createWordPiece } from "./wordpiece.ts";

/** Turns text into the ids of one vocabulary. */
export interface Tokenizer {
  /** Whole words as the book's BERT has them, or word pieces as Google's has. */
  readonly kind: "words" | "wordpiece";
  /** How many ids there are: every id is in `0 .. size - 1`. */
  readonly size: number;
  /** Id of the token that opens an example, `<cls>` or `[CLS]`. */
  readonly cls: number;
  /** Id of the token that closes a sentence, `<sep>` or `[SEP]`. */
  readonly sep: number;
  /** Id of the token that stands for every unknown word, `<unk>` or `[UNK]`. */
  readonly unknown: number;
  /** Gives the ids of a sentence, without `cls` and `sep`; empty for text without words. */
  encode(text: string): number[];
}

/** What a vocabulary file doesn't tell about its tokenizer. */
export interface TokenizerOptions {
  /** Which of the two tokenizers the vocabulary is of. */
  kind: Tokenizer["kind"];
  /** Whether text is lower-cased first; a `tokenizer.json` says so itself. */
  lowerCase: boolean;
}

/**
 * Makes the tokenizer of a vocabulary.
 *
 * @param vocabularyText The content of a `vocab.json` for words, of a
 * `vocab.txt` or `tokenizer.json` for word pieces.
 * @param options Which tokenizer it is.
 * @throws {UserError} `bad-vocabulary` if the text is not such a vocabulary.
 */
export function createTokenizer(
  vocabularyText: string,
  options: TokenizerOptions,
): Tokenizer {
  return options.kind === "words"
    ? createWords(vocabularyText, options)
    : createWordPiece(vocabularyText, options);
}

/**
 * Opens the tokenizer of a vocabulary file.
 *
 * @param vocabularyFile Path of a `vocab.json`, `vocab.txt` or
 * `tokenizer.json`.
 * @param options Which tokenizer it is.
 * @throws {UserError} `bad-vocabulary` if the file cannot be read or is not
 * such a vocabulary.
 */
export async function openTokenizer(
  vocabularyFile: string,
  options: TokenizerOptions,
): Promise<Tokenizer> {
  const text = await readVocabulary(vocabularyFile);
  try {
    return createTokenizer(text, options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, hint } = error;
    throw new UserError(`${error.message} ("${vocabularyFile}")`, {
      code,
      hint,
      cause: error,
    });
  }
}

async function readVocabulary(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new UserError(
      `Cannot read the vocabulary "${path}": ${(cause as Error).message}`,
      { code: "bad-vocabulary", hint: "download the model again", cause },
    );
  }
}
