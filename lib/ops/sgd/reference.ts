/**
 * Gradient descent with momentum in TensorFlow.js operations.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { RuleDefinition } from "../update_rule/reference.ts";

/** The rule; its factors are the rate, the momentum and the decay. */
export const sgdDefinition: RuleDefinition = {
  name: "Sgd",
  state: ["momentum"],
  reference: ([p, b], g, [rate, momentum, decay]) => {
    const slope = tf.add(g, tf.mul(p, decay));
    const next = tf.add(tf.mul(b, momentum), slope);
    return [tf.sub(p, tf.mul(next, rate)), next];
  },
};
