/**
 * From what a user calls a model to one that computes.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { DEFAULT_CACHE } from "../base/cache_places.ts";
import { loadCatalogue } from "../hub/catalogue/catalogue.ts";
import { resolveSource } from "../hub/catalogue/resolve.ts";
import {
  type OpenedModel,
  openModelDir,
  type OpenModelDirOptions,
} from "../weights/model_dir.ts";
import { BertClassifier } from "./classifier.ts";
import { fillMissing, type InitStyle } from "./initialise.ts";

/** How a model is found and opened. */
export interface OpenModelOptions {
  /** Where downloads are kept; `.premise/cache` if not given. */
  cache?: string | undefined;
  /** A catalogue file whose entries are added to the built-in ones. */
  catalogue?: string | undefined;
  /** A weights file instead of the directory's own, or `random`. */
  weights?: string | undefined;
  /** Attention heads, where neither files nor catalogue tell. */
  heads?: number | undefined;
  /** Label names in the order of the outputs. */
  labels?: readonly string[] | undefined;
  /** Dropout rate of the encoder while training. */
  dropout?: number | undefined;
  /** Longest encoded pair, special tokens included. */
  maxLength?: number | undefined;
}

/**
 * Opens a model's files.
 *
 * @param source A directory, a zip archive or a catalogue name.
 * @param options Where to look, and what the files do not tell.
 * @return Configuration, vocabulary and arrays, checked against each other.
 * @throws {UserError} If it is missing, damaged or inconsistent.
 *
 * @example
 * ```ts
 * import { openModel } from "./open.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { config } = await openModel("fixtures/golden/hf");
 * assertEquals(config.activation, "gelu");
 * ```
 */
export async function openModel(
  source: string,
  options: OpenModelOptions = {},
): Promise<OpenedModel> {
  const { directory, facts } = await resolveSource(source, {
    cache: options.cache ?? DEFAULT_CACHE,
    kind: "model",
    catalogue: await loadCatalogue(options.catalogue),
  });
  const { weights, heads, labels, dropout, maxLength } = options;
  const given = { facts, weights, heads, labels, dropout, maxLength };
  const known = Object.entries(given).filter(([, value]) =>
    value !== undefined
  );
  return await openModelDir(
    directory,
    Object.fromEntries(known) as OpenModelDirOptions,
  );
}

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
