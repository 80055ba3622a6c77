/**
 * Where a tokenizer is another than its `tokenizer.json` says.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import type { MadeTokenizer } from "./bert_tokenizer.ts";
import type { FastTokenizer } from "./fast_tokenizer.ts";
import type { JsonObject } from "./json_files.ts";

/**
 * Tells what transformers reads otherwise than a `tokenizer.json` has it.
 *
 * @param file What was read of it.
 * @param json Its content.
 * @param made What was made.
 * @return One phrase a difference.
 */
export function contradictions(
  file: FastTokenizer,
  json: JsonObject,
  { tokenizer, added }: MadeTokenizer,
): string[] {
  const told = fieldsOf(file);
  const taken = fieldsOf(tokenizer);
  const fields = Object.keys(told).filter((name) =>
    told[name] !== undefined && told[name] !== taken[name]
  ).map((name) =>
    `${name} is ${showValue(taken[name])}, not ${showValue(told[name])}`
  );
  const now = new Map(added.show().map((token) => [token.content, token]));
  const tokens = Array.isArray(json.added_tokens)
    ? json.added_tokens as JsonObject[]
    : [];
  const lost = tokens.filter(({ content, ...flags }) => {
    const token = now.get(content);
    if (!token) return true;
    return Object.keys(token).some((name) =>
      name in flags && name !== "special" && token[name] !== flags[name]
    );
  }).map(({ content }) => showValue(content));
  if (lost.length > 0) {
    fields.push(
      `added tokens are not, or otherwise, added: ${
        lost.slice(0, MOST_SHOWN).join(", ")
      }${lost.length > MOST_SHOWN ? ", ..." : ""}`,
    );
  }
  return fields;
}

const MOST_SHOWN = 5;

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
    // A file without a template does not contradict one.
    cls: template?.cls.id,
    sep: template?.sep.id,
    "separators between sentences": template?.separators,
    "segment of second sentences": template?.segment,
  };
}
