/**
 * How the text of a data set becomes tokens, as its tables say it.
 *
 * @module
 */
import {
  digestVocabulary,
  openVocabulary,
  tokenizerOf,
} from "../../text/open_tokenizer.ts";
import { checkRoom } from "../../text/pair.ts";
import {
  newestRules,
  type TextRecipe,
  tokenizerOptions,
} from "../../text/recipe.ts";
import type { Dataset } from "../sources/dataset.ts";
import type { TableSettings } from "../table/table_manifest.ts";
import type { PrepareTablesOptions } from "./prepare_options.ts";

/**
 * The settings of the tables that are made of a data set.
 *
 * @param dataset The splits.
 * @param labels The names of the classes.
 * @param options How their text is encoded.
 * @throws {UserError} `bad-vocabulary` if that cannot be read.
 */
export async function settingsOf(
  dataset: Dataset,
  labels: string[],
  options: PrepareTablesOptions,
): Promise<Required<TableSettings>> {
  const { vocabularyFile: path } = options;
  const text = recipeOf(options);
  const vocabulary = await openVocabulary(path, tokenizerOptions(text));
  const tokenizer = tokenizerOf(vocabulary, tokenizerOptions(text));
  if (text.sentences !== "single") checkRoom(tokenizer, text.maxLength);
  const { size } = tokenizer;
  const digest = await digestVocabulary(vocabulary, text);
  return {
    text,
    vocabulary: { digest, size },
    labels,
    sources: sourcesOf(dataset),
  };
}

/** How text becomes tokens, in the order in which it is written. */
function recipeOf(
  { rules, tokenizer, maxLength, truncation, sentences }: PrepareTablesOptions,
): TextRecipe {
  const { kind, lowerCase, class: own } = tokenizer;
  return {
    rules: rules ?? newestRules(kind),
    tokenizer: own ? { kind, lowerCase, class: own } : { kind, lowerCase },
    maxLength,
    truncation,
    ...(sentences === undefined ? {} : { sentences }),
  };
}

/** The files of all splits, each once. */
function sourcesOf(dataset: Dataset): string[] {
  const files = dataset.values().flatMap(({ files }) => files);
  return [...new Set(files.map(({ shown }) => shown))].sort();
}
