/**
 * A WordPiece tokenizer's files, as transformers' classes read them.
 *
 * @module
 */
import { makeBackend } from "../resolve/backend.ts";
import { makeBert } from "../resolve/bert_tokenizer.ts";
import { contradictions, templateFields } from "../resolve/contradictions.ts";
import {
  type FastTokenizer,
  readFastTokenizer,
  showFastTokenizer,
} from "../resolve/fast_tokenizer.ts";
import { cutOf, type Setting } from "../resolve/settings.ts";
import type {
  KindOfTokenizer,
  TokenizerParts,
} from "../resolve/tokenizer_sources.ts";
import { parseVocabTxt } from "../resolve/vocab_txt.ts";

/**
 * Reads a tokenizer of word pieces.
 *
 * @param parts What it is read from.
 * @param problems What is wrong so far; gets more.
 * @return The tokenizer; undefined if there are problems.
 */
export function resolveWordPiece(
  { own, json, given, files }: TokenizerParts,
  problems: string[],
): KindOfTokenizer | undefined {
  const file = json && readFastTokenizer(json, problems);
  const vocabulary = json
    ? file?.vocabulary
    : readVocabTxt(files, own, problems);
  if (problems.length > 0) return undefined;
  const made = own === "TokenizersBackend"
    ? makeBackend(json!, file!, given, problems)
    : makeBert(vocabulary!, given, problems);
  if (!made) return undefined;
  const { tokenizer, added } = made;
  tokenizer.cut = cutOf(given.settings, file);
  return {
    kind: "wordpiece",
    template: tokenizer.template,
    lowerCase: tokenizer.normalizer?.lowercase ?? false,
    differences: file
      ? contradictions(
        json!,
        { told: fieldsOf(file), taken: fieldsOf(tokenizer) },
        added,
      )
      : [],
    unused: UNUSED,
    show: () => showFastTokenizer(tokenizer, added.show()),
  };
}

/** Only BERT's own classes read a `vocab.txt`. */
function readVocabTxt(
  files: ReadonlyMap<string, string>,
  own: string,
  problems: string[],
): Map<string, number> | undefined {
  const text = files.get("vocab.txt");
  if (text !== undefined && own !== "TokenizersBackend") {
    return parseVocabTxt(text);
  }
  problems.push(
    own === "TokenizersBackend"
      ? `its tokenizer_class is ${own}, which reads a tokenizer.json, and ` +
        "there is none"
      : "it has no vocab.txt or tokenizer.json",
  );
  return undefined;
}

function fieldsOf(
  { normalizer, unknown, prefix, longestWord, template }: FastTokenizer,
): Record<string, unknown> {
  return {
    clean_text: normalizer?.clean_text ?? false,
    handle_chinese_chars: normalizer?.handle_chinese_chars ?? false,
    strip_accents: normalizer?.strip_accents ?? normalizer?.lowercase ?? false,
    lowercase: normalizer?.lowercase ?? false,
    unk_token: unknown,
    continuing_subword_prefix: prefix,
    max_input_chars_per_word: longestWord,
    ...templateFields(template),
  };
}

/** A setting of older versions, and what is done whatever it says. */
const UNUSED: readonly Setting[] = [
  [
    "never_split",
    (v) => !Array.isArray(v) || v.length === 0,
    "every word is split",
  ],
  ["do_basic_tokenize", (v) => v !== false, "text is split into words"],
  ["clean_text", (v) => v !== false, "control characters are taken out"],
  ["wordpieces_prefix", (v) => v == null || v === "##", '"##" is the prefix'],
  [
    "max_input_chars_per_word",
    (v) => v == null || v === 100,
    "words have up to 100 characters",
  ],
];
