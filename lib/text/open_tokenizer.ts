/**
 * How a tokenizer is made of its vocabulary.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { digestFile } from "../base/files/digest.ts";
import { readRegularText } from "../base/files/regular.ts";
import { sha256 } from "../base/files/summed_files.ts";
import { createBpe } from "./bpe/bpe.ts";
import type { TextRecipe } from "./recipe.ts";
import { readResolved } from "./resolved_tokenizer.ts";
import type { Tokenizer, TokenizerOptions } from "./tokenizer.ts";
import { createWords } from "./whitespace.ts";
import { createWordPiece } from "./wordpiece/wordpiece.ts";

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
 * `tokenizer.json`. Other files of the tokenizer lie beside it.
 * @param options Which tokenizer it is.
 * @throws {UserError} `bad-vocabulary` if the file cannot be read or is not
 * such a vocabulary.
 */
export async function openTokenizer(
  vocabularyFile: string,
  options: TokenizerOptions,
): Promise<Tokenizer> {
  return tokenizerOf(await openVocabulary(vocabularyFile, options), options);
}

/**
 * Reads what a tokenizer is made of: a vocabulary file, or all of the files that
 * lie beside it where the tokenizer is of a class of transformers.
 *
 * @param path The file.
 * @param options Which tokenizer it is.
 * @throws {UserError} `bad-vocabulary` if they cannot be read.
 */
export async function openVocabulary(
  path: string,
  options: TokenizerOptions,
): Promise<Vocabulary> {
  if (options.class === undefined) return await readVocabulary(path);
  const { text } = await readResolved(path, {
    modelType: "",
    class: options.class,
  });
  return { path, text };
}

/**
 * The SHA-256 of what a tokenizer is made of: a file's, or that of the text that
 * several resolve into.
 *
 * @param vocabulary The file, and what is made of it.
 * @param recipe How its text is read.
 */
export async function digestVocabulary(
  { path, text }: Vocabulary,
  { tokenizer }: TextRecipe,
): Promise<string> {
  return tokenizer.class === undefined
    ? await digestFile(path, "sha256")
    : sha256([new TextEncoder().encode(text)]);
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
 * Makes the tokenizer of a vocabulary file that was read, or of what a model's
 * files resolve into: an opened model's `vocabulary`.
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
