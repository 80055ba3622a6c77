/**
 * Reads what says how a model's text becomes tokens.
 *
 * @module
 */
import { basename } from "@std/path";
import { readRegular } from "../../base/files/regular.ts";
import {
  readRecorded,
  readRecordedText,
} from "../../hub/catalogue/recorded_digests.ts";
import { readVocabulary, type Vocabulary } from "../../text/open_tokenizer.ts";
import { unknownRules } from "../../text/recipe.ts";
import { recipeSchema } from "../../text/recipe_schema.ts";
import {
  type ResolvedTokenizer,
  TOKENIZER_CONFIG,
  type TokenizerSources,
} from "../../text/resolve/tokenizer_sources.ts";
import { readResolved } from "../../text/resolved_tokenizer.ts";
import type { ModelLayout } from "../directory/model_layout.ts";
import type { FamilyName } from "../model_config.ts";

/** How a model's text becomes tokens. */
export interface ModelText {
  /** What a tokenizer is made of: a file's text, or what files resolve into. */
  vocabulary: Vocabulary;
  /** What the files say, if they are Hugging Face's and were read as such. */
  resolved: ResolvedTokenizer | null;
}

/**
 * Reads a model's tokenizer.
 *
 * @param layout Its files.
 * @param family Whose model it is, if they tell.
 * @throws UserError `bad-vocabulary` if they cannot be read, or not as
 *     transformers reads them; `changed-file` if one is not as it was written.
 */
export async function readModelText(
  layout: ModelLayout,
  family: FamilyName | null,
): Promise<ModelText> {
  const source = tokenizerOf(layout, family);
  if (source === null) {
    const { vocabularyFile } = layout;
    const vocabulary = await readVocabulary(vocabularyFile, readRecordedText);
    return { vocabulary, resolved: null };
  }
  const resolved = await readResolved(
    layout.vocabularyFile,
    source,
    // People are told to change it, in the cache too, but not in a run.
    (path) =>
      isForeign(layout) && basename(path) === TOKENIZER_CONFIG
        ? readRegular(path)
        : readRecorded(path),
  );
  const { vocabularyFile: path } = layout;
  return { vocabulary: { path, text: resolved.text }, resolved };
}

/** Whose tokenizer's files are to be resolved; null if they are not. */
function tokenizerOf(
  layout: ModelLayout,
  family: FamilyName | null,
): Omit<TokenizerSources, "directory" | "files"> | null {
  const { kind, config, own } = layout;
  if (isForeign(layout)) {
    // Only BERT's first models do not say whose they are.
    const modelType = (family ?? "hf-bert").replace("hf-", "");
    return { modelType, modelsClass: config!.tokenizer_class };
  }
  const text = recipeSchema.safeParse((own ?? config)?.text).data;
  // What is wrong with it, or yet to come, is told with the rest.
  const resolves = text && text.tokenizer.kind !== "words" && text.rules >= 3 &&
    unknownRules(text.rules) === undefined;
  if (kind === "d2l" || !resolves) return null;
  return { modelType: "", class: text.tokenizer.class };
}

/** Whether a model is Hugging Face's, and was not trained here. */
function isForeign({ kind, own }: ModelLayout): boolean {
  return kind === "hf" && own === null;
}
