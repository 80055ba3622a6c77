/**
 * A tokenizer as transformers' `RobertaTokenizer` makes it: from a vocabulary,
 * pairs and settings, whatever else a `tokenizer.json` says.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import { AddedVocabulary } from "../resolve/added_vocabulary.ts";
import type { MadeTokenizer } from "../resolve/backend.ts";
import type { JsonObject } from "../resolve/json_files.ts";
import { textOf, type TokenizerArguments } from "../resolve/legacy_files.ts";
import { addTokens } from "../resolve/special_tokens.ts";
import type { Sign } from "../resolve/template.ts";
import type { FastBpe } from "./fast_bpe.ts";

/** What the class has where the files say nothing. */
const DEFAULTS: JsonObject = {
  bos_token: "<s>",
  eos_token: "</s>",
  sep_token: "</s>",
  cls_token: "<s>",
  unk_token: "<unk>",
  pad_token: "<pad>",
  mask_token: "<mask>",
  add_prefix_space: false,
  trim_offsets: true,
};

/**
 * Makes a RoBERTa tokenizer.
 *
 * @param model The vocabulary and the pairs.
 * @param given The files' settings.
 * @param problems Gets what transformers would refuse.
 * @return The tokenizer; undefined if there are problems.
 */
export function makeRoberta(
  model: Pick<FastBpe, "vocabulary" | "merges">,
  given: TokenizerArguments,
  problems: string[],
): MadeTokenizer<FastBpe> | undefined {
  const settings: JsonObject = { ...DEFAULTS, ...given.settings };
  for (const name of ["add_prefix_space", "trim_offsets"]) {
    if (typeof settings[name] === "boolean") continue;
    problems.push(
      `tokenizer_config.json's ${name} is ${showValue(settings[name])}, ` +
        "expected true or false",
    );
  }
  const added = new AddedVocabulary(model.vocabulary);
  addTokens(added, { ...given, settings }, problems);
  const [cls, sep] = ["cls_token", "sep_token"].map((name) => {
    const content = textOf(settings[name]);
    const id = content === undefined ? undefined : added.idOf(content);
    if (id !== undefined) return { content, id } as Sign;
    problems.push(`the ${name} is ${showValue(content)}, expected a token`);
    return undefined;
  });
  if (problems.length > 0) return undefined;
  return {
    tokenizer: {
      ...model,
      // Bytes that are no tokens are lost, whatever the unknown token is.
      unknown: null,
      fusesUnknown: false,
      keepsWholeWords: false,
      addsBlank: settings.add_prefix_space as boolean,
      splitsWords: true,
      template: { cls: cls!, sep: sep!, separators: 2, segment: 0 },
      cut: "right",
    },
    added,
  };
}
