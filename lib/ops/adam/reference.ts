/**
 * Adam in TensorFlow.js operations.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { RuleDefinition } from "../update_rule/reference.ts";

/** How much of m is kept at a step, b1. */
export const BETA1 = 0.9;
/** How much of v is kept, b2. */
export const BETA2 = 0.999;
/** Added to the root of v. */
export const EPSILON = 1e-8;

/** The rule of both forms, which differ by their factors. */
export const adamDefinition: RuleDefinition = {
  name: "Adam",
  state: ["m", "v"],
  reference: ([p, m, v], g, [rate, rootScale, kept]) => {
    const first = tf.add(tf.mul(m, BETA1), tf.mul(g, 1 - BETA1));
    const second = tf.add(
      tf.mul(v, BETA2),
      tf.mul(tf.square(g), 1 - BETA2),
    );
    const root = tf.add(tf.mul(tf.sqrt(second), rootScale), EPSILON);
    const step = tf.mul(tf.div(first, root), rate);
    return [tf.sub(tf.mul(p, kept), step), first, second];
  },
};
