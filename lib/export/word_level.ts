/**
 * The book's tokenizer of whole words as the `tokenizer.json` of Hugging Face's
 * tokenizers: lower case, words between white space, each looked up.
 *
 * @module
 */
import { parseVocabulary } from "../text/vocab.ts";

/** Python's white space, literally, since engines differ in what `\s` is. */
const WHITE_SPACE = "\t\n\v\f\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a" +
  "\u2028\u2029\u202f\u205f\u3000";

/**
 * The content of a `tokenizer.json`.
 *
 * @param vocabularyText The content of a `vocab.json`.
 * @param options Whether text is lower-cased.
 */
export function describeWordLevel(
  vocabularyText: string,
  { lowerCase }: { lowerCase: boolean },
): Record<string, unknown> {
  const { ids, cls, sep } = parseVocabulary(vocabularyText);
  const special = (id: string, type: number) => ({
    SpecialToken: { id, type_id: type },
  });
  const sequence = (id: string, type: number) => ({
    Sequence: { id, type_id: type },
  });
  const single = [special("<cls>", 0), sequence("A", 0), special("<sep>", 0)];
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: lowerCase ? { type: "Lowercase" } : null,
    pre_tokenizer: {
      type: "Split",
      pattern: { Regex: `[${WHITE_SPACE}]+` },
      behavior: "Removed",
      invert: false,
    },
    post_processor: {
      type: "TemplateProcessing",
      single,
      pair: [...single, sequence("B", 1), special("<sep>", 1)],
      special_tokens: {
        "<cls>": { id: "<cls>", ids: [cls], tokens: ["<cls>"] },
        "<sep>": { id: "<sep>", ids: [sep], tokens: ["<sep>"] },
      },
    },
    decoder: null,
    model: {
      type: "WordLevel",
      vocab: Object.fromEntries(ids),
      unk_token: "<unk>",
    },
  };
}
