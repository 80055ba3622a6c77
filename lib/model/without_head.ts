/**
 * Refuses a model that cannot classify.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { foreignName } from "../weights/families/names.ts";
import type { OpenedModel } from "../weights/model_dir.ts";

/** What transformers' classes with other heads do, by how their names end. */
const HEADS: readonly [ending: string, what: string][] = [
  ["ForTokenClassification", "gives classes of words"],
  ["ForQuestionAnswering", "marks answers in a text"],
  ["ForMultipleChoice", "gives each choice a score, and has no classes"],
  ["ForMaskedLM", "guesses masked words"],
  ["ForPreTraining", "is that of pretraining"],
  ["ForNextSentencePrediction", "tells whether sentences follow each other"],
];

/**
 * Refuses a model without an output layer of sentences.
 *
 * @param model The model.
 * @param purpose What it is wanted for, as `classify with`.
 * @throws {UserError} `not-fine-tuned` if it has none.
 */
export function refuseWithoutHead(model: OpenedModel, purpose: string): void {
  if (model.hasHead && model.arrays.has("classifier.weight")) return;
  const { why, hint = "" } = explain(model);
  throw new UserError(
    `Cannot ${purpose} the model "${model.directory}": ${why}`,
    {
      code: "not-fine-tuned",
      hint:
        `${hint}fine-tune it: deno task finetune --model ${model.directory}`,
    },
  );
}

/** Why a model has no output layer, and what else than training may help. */
function explain(
  { fields, otherHeads, unused, source, config }: OpenedModel,
): { why: string; hint?: string } {
  const classes: unknown[] = Array.isArray(fields?.architectures)
    ? fields.architectures
    : [];
  for (const [ending, what] of HEADS) {
    const name = classes.find((name) => String(name).endsWith(ending));
    if (name !== undefined) {
      return { why: `its output layer ${what} (${name})` };
    }
  }
  const expected = foreignName("classifier.weight", source, config.family);
  const other = otherHeads.find((name) => name.endsWith(".weight")) ??
    otherHeads.at(0);
  if (other === undefined) {
    return {
      why: "it has no output layer, so it is pretrained but not fine-tuned",
    };
  }
  return expected === null || unused.includes(expected)
    ? { why: `its output layer is not one of sentences ("${other}")` }
    : {
      why: `it has no array "${expected}", as the output layer of sentences ` +
        `is called, and "${other}" has no place in it`,
      hint: `if "${other}" is of its output layer, rename its arrays; or `,
    };
}
