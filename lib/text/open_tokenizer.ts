/**
 * How a tokenizer is made of its vocabulary.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { readRegularText } from "../base/files/regular.ts";
import { createBpe } from "./bpe/bpe.ts";
import type { Tokenizer, TokenizerOptions } from "./tokenizer.ts";
import { createWords } from "./whitespace.ts";
import { createWordPiece } from "./wordpiece.ts";

/**
 * Makes the tokenizer of a vocabulary.
 *
 * @param vocabularyText The content of a `vocab.json` for words, of a
 * `vocab.txt` or `tokenizer.json` for word pieces, of a `tokenizer.json` for
 * byte-level BPE.
 * @param options Which tokenizer it is.
 * @throws {UserError} `bad-vocabulary` if the text is not such a vocabulary.
 */
export function createTokenizer(
  vocabularyText: string,
  options: TokenizerOptions,
): Tokenizer {
  switch (options.kind) {
    case "words":
      return createWords(vocabularyText, options);
    case "wordpiece":
      return createWordPiece(vocabularyText, options);
    case "bpe":
      return createBpe(vocabularyText);
  }
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
  return tokenizerOf(await readVocabulary(vocabularyFile), options);
}

/** A vocabulary file that was read. */
export interface Vocabulary {
  /** Its path. */
  path: string;
  /** Its content. */
  text: string;
}

/**
 * Reads a vocabulary file.
 *
 * @param path The file.
 * @param read Reads its text.
 * @throws {UserError} `bad-vocabulary` if it cannot be read.
 */
export async function readVocabulary(
  path: string,
  read: (path: string) => Promise<string> = readRegularText,
): Promise<Vocabulary> {
  try {
    return { path, text: await read(path) };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(
      `Cannot read the vocabulary "${path}": ${(cause as Error).message}`,
      { code: "bad-vocabulary", hint: "download the model again", cause },
    );
  }
}

/**
 * Makes the tokenizer of a vocabulary file that was read.
 *
 * @param vocabulary The file.
 * @param options Which tokenizer it is.
 * @throws {UserError} `bad-vocabulary` if the file is not such a vocabulary.
 */
export function tokenizerOf(
  { path, text }: Vocabulary,
  options: TokenizerOptions,
): Tokenizer {
  try {
    return createTokenizer(text, options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, hint } = error;
    throw new UserError(`${error.message} ("${path}")`, {
      code,
      hint,
      cause: error,
    });
  }
}
