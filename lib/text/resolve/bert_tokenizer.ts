/**
 * A tokenizer as transformers' `BertTokenizer` makes it: from a vocabulary and
 * settings, whatever else a `tokenizer.json` says.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import { AddedVocabulary } from "./added_vocabulary.ts";
import type { MadeTokenizer } from "./backend.ts";
import type { FastTokenizer, Normalizer } from "./fast_tokenizer.ts";
import { isObject, type JsonObject } from "./json_files.ts";
import { textOf, type TokenizerArguments } from "./legacy_files.ts";
import { addTokens } from "./special_tokens.ts";
import type { Sign } from "./template.ts";

/** What the class has where the files say nothing. */
const DEFAULTS: JsonObject = {
  do_lower_case: true,
  tokenize_chinese_chars: true,
  strip_accents: null,
  unk_token: "[UNK]",
  sep_token: "[SEP]",
  pad_token: "[PAD]",
  cls_token: "[CLS]",
  mask_token: "[MASK]",
};

/**
 * Makes a BERT tokenizer.
 *
 * @param vocabulary The id of each piece.
 * @param given The files' settings.
 * @param problems Gets what transformers would refuse.
 * @return The tokenizer; undefined if there are problems.
 */
export function makeBert(
  vocabulary: ReadonlyMap<string, number>,
  given: TokenizerArguments,
  problems: string[],
): MadeTokenizer<FastTokenizer> | undefined {
  const settings: JsonObject = { ...DEFAULTS, ...given.settings };
  const normalizer = readNormalizer(settings, problems);
  const added = new AddedVocabulary(vocabulary);
  addTokens(added, { ...given, settings }, problems);
  const cls = signOf("cls_token", { settings, added, problems });
  const sep = signOf("sep_token", { settings, added, problems });
  const unknown = textOf(settings.unk_token);
  if (unknown === undefined || !vocabulary.has(unknown)) {
    problems.push(
      `the unknown token (unk_token) is ${shown(settings.unk_token)}, which ` +
        `is none of the ${vocabulary.size} entries of the vocabulary`,
    );
  }
  if (problems.length > 0) return undefined;
  return {
    tokenizer: {
      vocabulary,
      unknown: unknown!,
      prefix: "##",
      longestWord: 100,
      normalizer,
      template: { cls: cls!, sep: sep!, separators: 1, segment: 1 },
      cut: "right",
    },
    added,
  };
}

function readNormalizer(
  settings: JsonObject,
  problems: string[],
): Normalizer {
  const flag = (name: string, orNull = false): boolean => {
    const value = settings[name];
    if (typeof value === "boolean") return value;
    if (!(orNull && value === null)) {
      problems.push(
        `tokenizer_config.json's ${name} is ${showValue(value)}, expected ` +
          `true or false${orNull ? " or null" : ""}`,
      );
    }
    return value as boolean;
  };
  return {
    clean_text: true,
    handle_chinese_chars: flag("tokenize_chinese_chars"),
    strip_accents: flag("strip_accents", true),
    lowercase: flag("do_lower_case"),
  };
}

/** A token that the template has: its text goes through a small language. */
function signOf(
  name: string,
  { settings, added, problems }: {
    settings: JsonObject;
    added: AddedVocabulary;
    problems: string[];
  },
): Sign | undefined {
  const content = textOf(settings[name]);
  const plain = content !== undefined && /^[^ :$][^ :]*$/.test(content);
  const id = plain ? added.idOf(content) : undefined;
  if (id !== undefined) return { content: content!, id };
  problems.push(
    `the ${name} is ${shown(settings[name])}, expected a token without ` +
      'blanks and colons that does not begin with "$"',
  );
  return undefined;
}

function shown(token: unknown): string {
  return showValue(textOf(token) ?? (isObject(token) ? "an object" : token));
}
