/**
 * A tokenizer as transformers' `TokenizersBackend` (`PreTrainedTokenizerFast`)
 * makes it: from a `tokenizer.json` as it stands, and the tokens that its
 * settings name.
 *
 * @module
 */
import { AddedVocabulary } from "./added_vocabulary.ts";
import { isObject, type JsonObject } from "./json_files.ts";
import { readAddedTokens, type TokenizerArguments } from "./legacy_files.ts";
import { addTokens } from "./special_tokens.ts";
import type { Template } from "./template.ts";

/** What tokenizers of every kind have, but for their added tokens. */
export interface FastFile {
  /** The id of each token. */
  vocabulary: ReadonlyMap<string, number>;
  /** What stands for what has no tokens; null for nothing. */
  unknown: string | null;
  /** What stands around the sentences; null if the file does not say it. */
  template: Template | null;
}

/** A tokenizer that was made. */
export interface MadeTokenizer<Fast extends FastFile> {
  /** All but its added tokens. */
  tokenizer: Fast & { template: Template };
  /** Its added tokens. */
  added: AddedVocabulary;
}

/**
 * Makes a tokenizer of its file.
 *
 * @param json The content of `tokenizer.json`.
 * @param tokenizer What was read of it.
 * @param given The files' settings.
 * @param problems Gets what transformers would refuse.
 * @return The tokenizer; undefined if there are problems.
 */
export function makeBackend<Fast extends FastFile>(
  json: JsonObject,
  tokenizer: Fast,
  given: TokenizerArguments,
  problems: string[],
): MadeTokenizer<Fast> | undefined {
  const { vocabulary, unknown, template } = tokenizer;
  const added = new AddedVocabulary(vocabulary);
  added.add(readAddedTokens(json, problems).map(({ token }) => token));
  // Who pads by a token has it.
  const padding = isObject(json.padding) ? json.padding.pad_token : undefined;
  const settings = padding === undefined
    ? given.settings
    : { pad_token: padding, ...given.settings };
  addTokens(added, { ...given, settings }, problems);
  if (template === null) {
    problems.push(
      "tokenizer.json's post_processor is missing, so nothing stands around " +
        "the sentences, expected [CLS] and [SEP]",
    );
  }
  if (unknown !== null && !vocabulary.has(unknown)) {
    problems.push(
      `tokenizer.json's model.unk_token is ${JSON.stringify(unknown)}, which ` +
        `is none of the ${vocabulary.size} entries of the vocabulary`,
    );
  }
  // What is looked up under another id has no row in the model's table.
  const ids = new Set([...vocabulary.values(), ...added.ids()]);
  for (const { content, id } of template ? [template.cls, template.sep] : []) {
    if (ids.has(id)) continue;
    problems.push(
      `tokenizer.json's post_processor gives ${JSON.stringify(content)} the ` +
        `id ${id}, which is none of the vocabulary's`,
    );
  }
  if (template === null || problems.length > 0) return undefined;
  return { tokenizer: { ...tokenizer, template: { ...template } }, added };
}
