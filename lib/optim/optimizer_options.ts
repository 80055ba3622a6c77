/**
 * Which optimisers there are, and what they can be told.
 *
 * @module
 */
import { adam } from "../ops/adam/mod.ts";
import { sgd } from "../ops/sgd/mod.ts";
import type { UpdateRule } from "../ops/update_rule/mod.ts";
import { ADAMW_WEIGHT_DECAY, SGD_MOMENTUM } from "../settings/fields/recipe.ts";

/** Which optimisers there are. */
export type OptimizerName = "adam" | "adam-mxnet" | "adamw" | "sgd";

/** How parameters are updated. */
export interface OptimizerOptions {
  /** Adam as PyTorch or as MXNet computes it, AdamW, or gradient descent. */
  optimizer: OptimizerName;
  /**
   * How strongly weights are pulled towards 0; if undefined, 0.01 with `adamw`
   * and 0 with the others. It is for matrices and tables alone: biases and
   * layer norms have their place elsewhere.
   */
  weightDecay: number | undefined;
  /** Of `sgd`: the share of the last step that goes on; 0.9 if undefined. */
  momentum: number | undefined;
  /**
   * What the rate is multiplied by for each layer further down, from pooler
   * and classifier (1) to the embeddings.
   */
  layerDecay: number;
  /**
   * Parameters that stay as they are, by name: no gradient of them is
   * computed, and nothing is kept for them.
   */
  frozen: ReadonlySet<string>;
}

/** The rule that updates parameters. */
export function ruleOf(
  { optimizer, momentum }: Pick<OptimizerOptions, "optimizer" | "momentum">,
): UpdateRule {
  switch (optimizer) {
    case "adam":
    case "adamw":
      return adam("torch");
    case "adam-mxnet":
      return adam("mxnet");
    case "sgd":
      return sgd(momentum ?? SGD_MOMENTUM);
  }
}

/** How strongly an optimiser pulls weights towards 0, if nothing is said. */
export function defaultDecay(optimizer: OptimizerName): number {
  return optimizer === "adamw" ? ADAMW_WEIGHT_DECAY : 0;
}
