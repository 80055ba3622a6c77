/**
 * Gradient descent with momentum, as PyTorch computes it: the weight decay is
 * part of the gradient, and the rate counts when a step is taken, not when it
 * enters the momentum.
 *
 *     b = momentum b + (g + decay p)        p -= lr b
 *
 * @module
 */
import type { UpdateRule } from "../update_rule/mod.ts";
import "./cpu.ts";
import { sgdDefinition } from "./reference.ts";
import "./webgpu.ts";

/**
 * Gradient descent.
 *
 * @param momentum Share of the last step's b that is kept, in [0, 1).
 * @return The rule. Its factors are the rate, the momentum and the decay.
 */
export function sgd(momentum: number): UpdateRule {
  return {
    ...sgdDefinition,
    factors: (
      { learningRate, weightDecay },
    ) => [learningRate, momentum, weightDecay],
  };
}
