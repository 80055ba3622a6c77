/**
 * Refuses a model that cannot classify.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import type { OpenedModel } from "../weights/model_dir.ts";

/**
 * Refuses a model without an output layer of sentences.
 *
 * @param model The model.
 * @param purpose What it is wanted for, as `classify with`.
 * @throws {UserError} `not-fine-tuned` if it has none.
 */
export function refuseWithoutHead(model: OpenedModel, purpose: string): void {
  if (model.hasHead && model.arrays.has("classifier.weight")) return;
  // The names of BERT's own pretraining heads are neutral ones.
  const other = model.unused.find((name) => !/^(?:mlm|nsp)\./.test(name));
  throw new UserError(
    `Cannot ${purpose} the model "${model.directory}": ` +
      (other === undefined
        ? "it has no output layer, so it is pretrained but not fine-tuned"
        : `its output layer is not one of sentences ("${other}")`),
    {
      code: "not-fine-tuned",
      hint: `fine-tune it: deno task finetune --model ${model.directory}`,
    },
  );
}
