/**
 * From a model's files to one that computes.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import type { OpenedModel } from "../weights/model_dir.ts";
import { BertClassifier } from "./classifier.ts";
import { fillMissing, type InitStyle } from "./initialise.ts";

/**
 * Puts a model on the device to train it: parameters that its files lack,
 * as the output layer of a pretrained model, start anew.
 *
 * @param model The files.
 * @param options The seed of new parameters, and whose defaults they follow;
 *   if not given, those of the framework that wrote the weights.
 */
export function createClassifier(
  model: OpenedModel,
  options: { seed: number; init?: InitStyle | undefined },
): BertClassifier {
  const style = options.init ?? STYLES[model.source];
  const { seed } = options;
  const arrays = fillMissing(model.config, model.arrays, { style, seed });
  return new BertClassifier(model.config, arrays);
}

const STYLES: Record<OpenedModel["source"], InitStyle> = {
  "d2l-mxnet": "mxnet",
  "d2l-torch": "torch",
  hf: "hf",
  premise: "torch",
};

/**
 * Puts a fine-tuned model on the device to use it.
 *
 * @param model The files.
 * @throws {UserError} If the model has no output layer.
 */
export function loadClassifier(model: OpenedModel): BertClassifier {
  if (!model.arrays.has("classifier.weight")) {
    throw new UserError(
      `Cannot classify with the model "${model.directory}": ` +
        "it has no output layer, so it is pretrained but not fine-tuned",
      {
        code: "not-fine-tuned",
        hint: `fine-tune it: deno task finetune --model ${model.directory}`,
      },
    );
  }
  return new BertClassifier(model.config, model.arrays);
}
