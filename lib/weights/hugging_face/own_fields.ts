/**
 * What this program keeps in a Hugging Face `config.json`, under the one key
 * `premise`: what transformers has no fields for.
 *
 * @module
 */
import { listProblems } from "../../base/errors.ts";
import { showValue } from "../../base/show_value.ts";
import type { WarningEvent } from "../../events/events.ts";
import type { TextRecipe } from "../../text/recipe.ts";
import type { DropoutField } from "../families/family.ts";
import type { ModelConfig } from "../model_config.ts";

/** The key. */
export const OWN_KEY = "premise";

/**
 * What is said under the key: how the model's text was made when it was trained,
 * those dropout rates that stand in one field of transformers' with another rate,
 * and the padding row where `pad_token_id` means another.
 */
export interface OwnFields
  extends
    Pick<ModelConfig, "format" | "secondSegment" | "text">,
    Partial<Pick<ModelConfig, DropoutField | "paddingRow">> {}

/** The names of {@link OwnFields}. */
const NAMES: Record<keyof OwnFields, true> = {
  format: true,
  secondSegment: true,
  paddingRow: true,
  text: true,
  dropout: true,
  attentionDropout: true,
  attendedDropout: true,
  clsDropout: true,
  classifierDropout: true,
};

/**
 * Reads what this program has written into a `config.json`.
 *
 * @param config The content of the file.
 * @param source Its path, for errors.
 * @return The fields, whose values are not yet checked; null if there are none.
 * @throws UserError `bad-model` if they are none of ours.
 */
export function readOwnFields(
  config: Readonly<Record<string, unknown>>,
  source: string,
): OwnFields | null {
  if (!Object.hasOwn(config, OWN_KEY)) return null;
  const own = config[OWN_KEY];
  const isObject = typeof own === "object" && own !== null &&
    !Array.isArray(own);
  const problems = isObject
    ? Object.keys(own).filter((name) => !Object.hasOwn(NAMES, name))
      .map((name) => `${OWN_KEY}.${name} is no field of ours`)
    : [`${OWN_KEY} is ${showValue(own)}, expected an object`];
  if (isObject && !("text" in own)) {
    problems.push(
      `${OWN_KEY}.text is missing, which says how its text is made`,
    );
  }
  if (problems.length === 0) return own as OwnFields;
  throw listProblems(`Cannot use the model "${source}"`, problems, {
    code: "bad-model",
    hint: `without "${OWN_KEY}" it is read as transformers reads it`,
  });
}

/**
 * What the user should know of a model that another program has saved since it
 * was trained here: transformers keeps fields that it does not know, and puts its
 * version beside them, which we never write.
 *
 * @param config The content of `config.json`.
 * @param source Its path.
 * @param text How its text is read.
 */
export function tellSavedSince(
  { transformers_version: version }: Readonly<Record<string, unknown>>,
  source: string,
  { maxLength, truncation }: TextRecipe,
): WarningEvent[] {
  if (version === undefined) return [];
  return [{
    event: "warning",
    code: "saved-since",
    message:
      `Transformers (${version}) has saved "${source}" since the model ` +
      "was trained here, and its text is still read as in that training: cut " +
      `to ${maxLength} tokens by "${truncation}"`,
    hint:
      "if it was trained on otherwise, --max-len and --truncation say so; " +
      `without "${OWN_KEY}" in the file it is read as transformers reads it`,
  }];
}
