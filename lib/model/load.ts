/**
 * From a model's files to one that computes.
 *
 * @module
 */
import type { TextRecipe } from "../text/recipe.ts";
import type { OpenedModel } from "../weights/model_dir.ts";
import { BertClassifier } from "./classifier.ts";
import { fillMissing, type InitStyle } from "./initialise.ts";
import { refuseWithoutHead } from "./without_head.ts";

/** How {@link createClassifier} starts a model. */
export interface CreateClassifierOptions {
  /** The seed of new parameters. */
  seed: number;
  /**
   * Whose defaults new parameters follow; if absent, those of the framework
   * that wrote the weights.
   */
  init?: InitStyle | undefined;
  /**
   * How the text is made that it is going to be trained on, as the table's
   * `manifest.text` says; if absent, the model's own `config.text`.
   */
  text?: TextRecipe | undefined;
}

/**
 * Puts a model on the device to train it: parameters that its files lack,
 * as the output layer of a pretrained model, start anew.
 *
 * @param model The files.
 * @param options The seed, and what else is to be known of the training.
 */
export function createClassifier(
  model: OpenedModel,
  options: CreateClassifierOptions,
): BertClassifier {
  const style = options.init ?? STYLES[model.source];
  const { seed, text = model.config.text } = options;
  const arrays = fillMissing(model.config, model.arrays, { style, seed });
  return new BertClassifier({ ...model.config, text }, arrays);
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
  refuseWithoutHead(model, "classify with");
  return new BertClassifier(model.config, model.arrays);
}
