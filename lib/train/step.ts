/**
 * One training step: forward, gradient, update.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../data/batches.ts";
import { type DropoutDraw, placeBatch } from "../model/bert.ts";
import type { BertClassifier } from "../model/classifier.ts";
import type { Adam } from "../ops/adam/mod.ts";
import { correctCount, crossEntropy } from "../ops/cross_entropy/mod.ts";
import { globalNorm } from "../ops/global_norm/mod.ts";

/** What a step does besides updating the model. */
export interface StepOptions {
  learningRate: number;
  /** Where dropout is drawn from. */
  draw: DropoutDraw;
  /** Whether to measure the gradients' norm. */
  measureNorm: boolean;
}

/** A step's figures, still on the device: reading them waits for it. */
export interface StepFigures {
  /** Mean cross-entropy of the batch before the update, in nats. */
  loss: tf.Scalar;
  /** Examples whose largest logit was the true class. */
  correct: tf.Scalar;
  /** L2 norm of all gradients together, if asked for. */
  gradientNorm?: tf.Scalar;
}

/**
 * Trains a model on one batch.
 *
 * @param model The model; its parameters are updated.
 * @param optimizer Made for the model's parameters.
 * @param batch The examples.
 * @param options Learning rate, dropout, what to measure.
 * @return The batch's figures; the caller disposes them.
 */
export function trainStep(
  model: BertClassifier,
  optimizer: Adam,
  batch: Batch,
  options: StepOptions,
): StepFigures {
  const names = [...model.parameters.keys()];
  const parameters = [...model.parameters.values()];
  return tf.tidy(() => {
    const placed = placeBatch(batch, model.parameters, true);
    const labels = tf.tensor1d(batch.labels, "int32");
    let correct: tf.Scalar | undefined;
    const { value: loss, grads } = tf.valueAndGrads(() => {
      const logits = model.logits(placed, options.draw);
      correct = tf.keep(correctCount(logits, labels));
      return crossEntropy(logits, labels);
    })(parameters);
    const gradients = new Map(names.map((name, i) => [name, grads[i]]));
    const figures: StepFigures = {
      loss: loss as tf.Scalar,
      correct: correct!,
      ...(options.measureNorm ? { gradientNorm: globalNorm(grads) } : {}),
    };
    optimizer.update(gradients, options.learningRate);
    return figures as unknown as tf.TensorContainer;
  }) as unknown as StepFigures;
}
