/**
 * Which files of a directory may be a model's weights, by their names.
 *
 * @module
 */
import { siblingsOf } from "../formats/shards.ts";
import type { Listing } from "./listing.ts";

/** Whose a model directory is: ours, the book's or Hugging Face's. */
export type DirectoryKind = "premise" | "d2l" | "hf";

/** The usual names of weights, in order of preference. */
export const USUAL_WEIGHTS: Record<DirectoryKind, readonly string[]> = {
  premise: ["model.safetensors"],
  d2l: ["pretrained.params"],
  // Transformers looks for them in this order.
  hf: [
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
  ],
};

const WEIGHT_EXTENSION = /\.(?:params|pt|pth|bin|ckpt|npz|safetensors)$/;

/** What training keeps beside a model to go on: optimizers, random numbers. */
const TRAINING_STATE =
  /^(?:optimizer|scheduler|lr_scheduler|scaler|rng_state|random_states|training_args|sampler|dl_state_dict|dataloader)[\w.-]*$/;

/** Files of other programs that end as weights do. */
const OTHERS =
  /^(?:openvino_\w+|adapter_\w+|pytorch_adapter|pytorch_\w*head\w*|tokenizer|head_config|model_quantized)\.\w+$/;

/** The name of a variant of the usual files, as `model.fp16.safetensors`. */
const VARIANT =
  /^(?:model|pytorch_model)\.(\w+)(?:-\d{5}-of-\d{5})?\.(?:safetensors|bin)$/;

/**
 * Whether a file's name ends as those of weights do, and of what lies beside
 * them.
 *
 * @param name Its name.
 */
export function endsAsWeights(name: string): boolean {
  return WEIGHT_EXTENSION.test(name);
}

/**
 * Whether a file's name says that it holds weights.
 *
 * @param name Its name.
 */
export function namesWeights(name: string): boolean {
  return endsAsWeights(name) && !isTrainingState(name) &&
    !OTHERS.test(name);
}

/**
 * Whether a file is what training keeps beside a model.
 *
 * @param name Its name.
 */
export function isTrainingState(name: string): boolean {
  return TRAINING_STATE.test(name) && endsAsWeights(name);
}

/**
 * The variant that a file of weights is, as `fp16`.
 *
 * @param name Its name.
 * @return Undefined if it is none.
 */
export function variantOf(name: string): string | undefined {
  return VARIANT.exec(name)?.[1];
}

/**
 * The files of a directory that may be its weights. One in several files
 * counts once, by the name of the first that is there.
 *
 * @param listing The directory.
 */
export function weightsIn({ files }: Listing): string[] {
  const found = [...files].filter(namesWeights).sort();
  return found.filter((name) => {
    const siblings = siblingsOf(name) ?? [name];
    return siblings.find((sibling) => files.has(sibling)) === name;
  });
}
