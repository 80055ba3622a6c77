/**
 * Whether text is read otherwise than one might think.
 *
 * @module
 */
import { showShare } from "../../base/show_value.ts";
import type { WarningEvent } from "../../events/events.ts";
import type { ModelLayout } from "../directory/model_layout.ts";
import type { ModelText } from "./model_text.ts";

/**
 * Share of a vocabulary's entries that may have capital letters where text has
 * none: of a cased model's, a third and more have them.
 */
const MOST_CAPITAL = 0.01;

/**
 * What the user should know of how a model's text is read: where transformers,
 * and so this program, reads it otherwise than one of its files says, and where
 * text is lower-cased though the vocabulary has capital letters. Transformers
 * lower-cases where nothing tells, so a cased model that lost its
 * `tokenizer_config.json` reads other text than in its training, and few words
 * look unknown.
 *
 * @param layout The model's files.
 * @param text What they say of its text.
 */
export function tellTokenizer(
  { kind, own, tokenizer }: ModelLayout,
  { resolved, vocabulary: { path } }: ModelText,
): WarningEvent[] {
  // Of a run it was told when it was trained.
  if (kind !== "hf" || own !== null || resolved === null) return [];
  const { surprises, lowerCase, text } = resolved;
  const warnings: WarningEvent[] = surprises.length === 0 ? [] : [{
    event: "warning",
    code: "tokenizer-contradiction",
    message: `The tokenizer of "${path}" is read as transformers reads it, ` +
      `which not all of its files say: ${surprises.join("; ")}`,
    hint: "where the model was trained otherwise, change " +
      "tokenizer_config.json; its fields win",
  }];
  const told = tokenizer.do_lower_case;
  if (!lowerCase) return warnings;
  const tokens = Object.keys(JSON.parse(text).model.vocab);
  const capital =
    tokens.filter((token) => /\p{Lu}/u.test(token) && !/^\[.*\]$/.test(token))
      .length;
  if (capital <= MOST_CAPITAL * tokens.length) return warnings;
  return [...warnings, {
    event: "warning",
    code: "cased-vocabulary",
    message: `Text is lower-cased, as the model's tokenizer_config.json ${
      told === undefined ? "does not say otherwise" : "says"
    }, but ${
      showShare(capital, tokens.length)
    } of the entries of "${path}" have capital letters, and are never found`,
    hint: 'of a cased model, write "do_lower_case": false into its ' +
      "tokenizer_config.json",
  }];
}
