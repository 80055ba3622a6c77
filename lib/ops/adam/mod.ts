/**
 * Adam (Kingma and Ba, 2014), as the two frameworks compute it at step t, and
 * AdamW (Loshchilov and Hutter, 2017), which first takes a share of the
 * parameter itself away:
 *
 *     p = (1 - lr decay) p
 *     m = b1 m + (1 - b1) g        v = b2 v + (1 - b2) g^2
 *     PyTorch:  p -= lr / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + eps)
 *     MXNet:    p -= lr sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps)
 *
 * They differ in where eps counts: in MXNet's form it is larger by
 * 1 / sqrt(1 - b2^t), which shows in the first steps. b1 is 0.9, b2 0.999,
 * eps 1e-8.
 *
 * One operation, since each pass over the parameters costs as much as the
 * arithmetic.
 *
 * @module
 */
import type { UpdateRule } from "../update_rule/mod.ts";
import "./cpu.ts";
import { adamDefinition, BETA1, BETA2 } from "./reference.ts";
import "./webgpu.ts";

/** Whose Adam. */
export type AdamForm = "torch" | "mxnet";

/**
 * Adam, and AdamW for parameters with a weight decay.
 *
 * @param form Whose.
 * @return The rule. Its factors are that of m over the root, that of sqrt(v)
 *   before epsilon is added, and that of the parameter.
 */
export function adam(form: AdamForm): UpdateRule {
  return {
    ...adamDefinition,
    factors: ({ step, learningRate, weightDecay }) => {
      const correction1 = 1 - BETA1 ** step;
      const correction2 = Math.sqrt(1 - BETA2 ** step);
      const kept = 1 - learningRate * weightDecay;
      return form === "torch"
        ? [learningRate / correction1, 1 / correction2, kept]
        : [learningRate * correction2 / correction1, 1, kept];
    },
  };
}
