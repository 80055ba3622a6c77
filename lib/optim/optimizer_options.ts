/**
 * Which optimisers there are, and what they can be told.
 *
 * @module
 */
import { adam } from "../ops/adam/mod.ts";
import { sgd } from "../ops/sgd/mod.ts";
import type { UpdateRule } from "../ops/update_rule/mod.ts";

/** Which optimisers there are. */
export type OptimizerName = "adam" | "adam-mxnet" | "adamw" | "sgd";

/** How parameters are updated. */
export interface OptimizerOptions {
  /** Adam as PyTorch or as MXNet computes it, AdamW, or gradient descent. */
  optimizer: OptimizerName;
  /**
   * Of `adamw`, 0.01 if not given, and of `sgd`, 0 if not given: how strongly
   * weights are pulled towards 0. It is for matrices and tables alone: biases
   * and layer norms have their place elsewhere.
   */
  weightDecay?: number | undefined;
  /** Of `sgd`: the share of the last step that goes on; 0.9 if not given. */
  momentum?: number | undefined;
  /**
   * What the rate is multiplied by for each layer further down, from pooler
   * and classifier (1) to the embeddings; 1 if not given.
   */
  layerDecay?: number | undefined;
  /**
   * Parameters that stay as they are, by name: no gradient of them is
   * computed, and nothing is kept for them.
   */
  frozen?: ReadonlySet<string> | undefined;
}

/** The rule that updates parameters. */
export function ruleOf({ optimizer, momentum }: OptimizerOptions): UpdateRule {
  switch (optimizer) {
    case "adam":
    case "adamw":
      return adam("torch");
    case "adam-mxnet":
      return adam("mxnet");
    case "sgd":
      return sgd(momentum ?? 0.9);
  }
}

/** The weight decay if none is given. */
export function defaultDecay({ optimizer }: OptimizerOptions): number {
  return optimizer === "adamw" ? 0.01 : 0;
}
