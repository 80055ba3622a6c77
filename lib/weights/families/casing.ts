/**
 * Whether text is lower-cased that a vocabulary was not made for.
 *
 * @module
 */
import { basename } from "@std/path";
import { showShare } from "../../base/show_value.ts";
import type { WarningEvent } from "../../events/events.ts";
import type { Vocabulary } from "../../text/open_tokenizer.ts";
import type { ModelLayout } from "../directory/model_layout.ts";

/**
 * Share of a vocabulary's entries that may have capital letters where text has
 * none: of a cased model's, a third and more have them.
 */
const MOST_CAPITAL = 0.01;

/**
 * What the user should know of a model whose text is lower-cased though its
 * vocabulary has capital letters. Transformers lower-cases where nothing tells,
 * so a cased model that lost its `tokenizer_config.json` reads other text than
 * in its training, and few words look unknown.
 *
 * @param layout The model's files.
 * @param vocabulary Its vocabulary.
 */
export function tellCasing(
  { kind, tokenizer }: ModelLayout,
  { path, text }: Vocabulary,
): WarningEvent[] {
  const told = tokenizer.do_lower_case;
  // A tokenizer.json says itself what becomes of capital letters.
  const silent = basename(path) !== "vocab.txt";
  if (kind !== "hf" || told === false || silent) return [];
  const tokens = text.trimEnd().split(/\r?\n/);
  const capital =
    tokens.filter((token) => /\p{Lu}/u.test(token) && !/^\[.*\]$/.test(token))
      .length;
  if (capital <= MOST_CAPITAL * tokens.length) return [];
  return [{
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
