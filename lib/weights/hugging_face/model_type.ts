/**
 * Which of Hugging Face's families a model is of: by its `config.json`, or, of
 * models from before 2020, by the names of its arrays.
 *
 * @module
 */
import { listProblems } from "../../base/errors.ts";
import { showValue } from "../../base/show_value.ts";
import type { WarningEvent } from "../../events/events.ts";
import { detectFamily } from "../families/detect_names.ts";
import {
  HUGGING_FACE_FAMILIES,
  huggingFaceFamily,
} from "../families/families.ts";
import type { FamilyName } from "../model_config.ts";

/** Models that are known, and what they lack to be read. */
const NOTES = new Map([
  ["xlm-roberta", "a RoBERTa whose tokenizer, SentencePiece, is not read"],
  ["camembert", "a RoBERTa whose tokenizer, SentencePiece, is not read"],
]);

/**
 * The family that a `config.json` says it is of.
 *
 * @param config Its content.
 * @param source Its path, for errors.
 * @return Null if it says nothing of it, as files from before 2020.
 * @throws UserError `bad-model` if it is of a family that is not read.
 */
export function statedFamily(
  config: Readonly<Record<string, unknown>>,
  source: string,
): FamilyName | null {
  const { model_type: type, architectures } = config;
  if (type === undefined || type === null) {
    const [architecture] = Array.isArray(architectures) ? architectures : [];
    return HUGGING_FACE_FAMILIES.find(({ classPrefix }) =>
      typeof architecture === "string" && architecture.startsWith(classPrefix)
    )?.name ?? null;
  }
  const family = HUGGING_FACE_FAMILIES.find(({ modelType }) =>
    modelType === type
  );
  if (family) return family.name;
  // Of deep lists, a string would take all of the stack.
  const note = NOTES.get(type as string);
  const supported = HUGGING_FACE_FAMILIES.map(({ modelType }) => modelType);
  throw listProblems(`Cannot use the model "${source}"`, [
    `model_type is ${showValue(type)}${note ? `, ${note}` : ""}; ` +
    `supported are ${supported.join(", ")}`,
  ], {
    code: "bad-model",
    hint: "choose a model of one of these families",
  });
}

/**
 * The family of a model whose `config.json` does not say.
 *
 * @param config The content of its `config.json`.
 * @param source The path of that, for errors.
 * @param names The names of its arrays; none if they were not read.
 * @throws UserError `bad-model` if it may be BERT or RoBERTa: their encoders'
 *     arrays have the same names, and mean something else.
 */
export function guessFamily(
  config: Readonly<Record<string, unknown>>,
  source: string,
  names: Iterable<string>,
): FamilyName {
  const found = detectFamily(names);
  if (found) return found;
  // Padding is token 0 of BERT, 1 of RoBERTa.
  if ((config.pad_token_id ?? 0) === 0) return "hf-bert";
  throw listProblems(`Cannot use the model "${source}"`, [
    "model_type is missing, and its arrays may be those of a BERT or a RoBERTa",
  ], { code: "bad-model", hint: 'add "model_type": "bert", or "roberta"' });
}

/**
 * What the user should know of a family that was guessed.
 *
 * @param source The path of the `config.json`.
 * @param family The guess.
 */
export function tellGuess(source: string, family: FamilyName): WarningEvent {
  const { title, modelType } = huggingFaceFamily(family);
  return {
    event: "warning",
    code: "no-model-type",
    message: `"${source}" has no model_type, and is read as that of a ${title}`,
    hint: `add "model_type": "${modelType}", or what it is`,
  };
}
