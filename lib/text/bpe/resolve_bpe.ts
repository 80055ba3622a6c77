/**
 * A byte-level BPE tokenizer's files, as transformers' classes read them.
 *
 * @module
 */
import { makeBackend } from "../resolve/backend.ts";
import { contradictions, templateFields } from "../resolve/contradictions.ts";
import type { JsonObject } from "../resolve/json_files.ts";
import { cutOf, type Setting } from "../resolve/settings.ts";
import { readTemplate } from "../resolve/template.ts";
import type {
  KindOfTokenizer,
  TokenizerClass,
  TokenizerParts,
} from "../resolve/tokenizer_sources.ts";
import { readBpeModel, readFastBpe, showFastBpe } from "./fast_bpe.ts";
import { makeRoberta } from "./roberta_tokenizer.ts";
import { readSlowBpe } from "./slow_bpe.ts";

/**
 * Whether a tokenizer is one of byte-level BPE.
 *
 * @param own The class that reads its files.
 * @param json The content of `tokenizer.json`, if it is there.
 */
export function isBpe(
  own: TokenizerClass | undefined,
  json: JsonObject | undefined,
): boolean {
  if (own !== "TokenizersBackend") return own === "RobertaTokenizer";
  const { type, merges } = Object(json?.model);
  // Old files do not name their model.
  return type === "BPE" || type === undefined && Array.isArray(merges);
}

/**
 * Reads a tokenizer of byte-level BPE.
 *
 * @param parts What it is read from.
 * @param problems What is wrong so far; gets more.
 * @return The tokenizer; undefined if there are problems.
 */
export function resolveBpe(
  { own, json, given, files }: TokenizerParts,
  problems: string[],
): KindOfTokenizer | undefined {
  const made = own === "TokenizersBackend"
    ? madeAsItIs(json!, given, problems)
    : madeOfModel({ json, given, files }, problems);
  if (!made || problems.length > 0) return undefined;
  const { tokenizer, added } = made;
  tokenizer.cut = cutOf(given.settings, {
    cut: Object(json?.truncation).direction === "Left" ? "left" : "right",
  });
  const show = () => showFastBpe(tokenizer, added.show());
  return {
    kind: "bpe",
    template: tokenizer.template,
    lowerCase: false,
    differences: json
      ? contradictions(
        json,
        { told: fieldsOf(json), taken: fieldsOf(JSON.parse(show())) },
        added,
      )
      : [],
    unused: UNUSED,
    show,
  };
}

function madeAsItIs(
  json: JsonObject,
  given: TokenizerParts["given"],
  problems: string[],
) {
  const file = readFastBpe(json, problems);
  return file && makeBackend(json, file, given, problems);
}

/** The class takes nothing but the vocabulary and the pairs of a file. */
function madeOfModel(
  { json, given, files }: Omit<TokenizerParts, "own">,
  problems: string[],
) {
  const model = json
    ? readBpeModel(json, problems)
    : readSlowBpe(files, problems);
  return model && makeRoberta(model, given, problems);
}

/** What a `tokenizer.json` says, by names, as far as ids depend on it. */
function fieldsOf(json: JsonObject): Record<string, unknown> {
  const { normalizer, pre_tokenizer, post_processor, model } = json;
  const splitting = Object(pre_tokenizer);
  const merging = Object(model);
  const template = readTemplate(post_processor);
  return {
    normalizer: Object(normalizer).type ?? null,
    pre_tokenizer: splitting.type,
    add_prefix_space: splitting.add_prefix_space,
    use_regex: splitting.use_regex,
    dropout: merging.dropout || null,
    unk_token: merging.unk_token ?? null,
    continuing_subword_prefix: merging.continuing_subword_prefix || null,
    end_of_word_suffix: merging.end_of_word_suffix || null,
    byte_fallback: merging.byte_fallback ?? false,
    ignore_merges: merging.ignore_merges ?? false,
    ...typeof template === "string" ? {} : templateFields(template),
  };
}

const UNUSED: readonly Setting[] = [
  ["do_lower_case", (value) => !value, "text keeps its case"],
];
