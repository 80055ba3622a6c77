/**
 * The files of a tokenizer that lie beside each other in a model's directory.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import type { FileSections } from "../base/files/files.ts";
import { readRegular } from "../base/files/regular.ts";

/** What tokenizers are kept in; other programs need more than the vocabulary. */
export const TOKENIZER_FILES = [
  "vocab.json",
  "merges.txt",
  "vocab.txt",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
];

/**
 * Reads a vocabulary, and what else of its tokenizer lies beside it.
 *
 * @param vocabularyFile Path of the vocabulary.
 * @return The files' contents by name.
 */
export async function readTokenizerFiles(
  vocabularyFile: string,
): Promise<Record<string, FileSections>> {
  const folder = dirname(vocabularyFile);
  const names = new Set([basename(vocabularyFile), ...TOKENIZER_FILES]);
  const files: Record<string, FileSections> = {};
  for (const name of names) {
    const path = join(folder, name);
    const isFile = (await Deno.stat(path).catch(() => null))?.isFile ?? false;
    if (isFile) files[name] = [await readRegular(path)];
  }
  return files;
}
