/**
 * The gradients of a micro-batch: forward, loss, backward.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { DropoutDraw } from "../model/bert.ts";
import type { BertClassifier } from "../model/classifier.ts";
import { accumulate } from "../ops/accumulate/mod.ts";
import {
  type Parameters,
  type PlacedBatch,
  placedTensors,
  placeLookUps,
  TABLES,
} from "../ops/batch/place_batch.ts";
import {
  type BatchTotal,
  correctCount,
  crossEntropy,
} from "../ops/cross_entropy/mod.ts";
import {
  classTargets,
  type LossOptions,
} from "../ops/cross_entropy/targets.ts";
import type { PaddingRows } from "../ops/embedding/padding_rows.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import type { OnPhase } from "../profile/profile.ts";
import type { MicroBatch } from "./data/micro_batches.ts";

/** How a micro-batch is put on the device. */
export interface PlaceMicroBatchOptions {
  model: BertClassifier;
  optimizer: Optimizer;
  /** Rows of the token table in use. */
  slotCount: number;
  /** Of each table the row that learns nothing; none by default. */
  padding?: PaddingRows;
  /** Whether sizes are rounded, so that the step can be recorded. */
  rounded: boolean;
  /** How labels become targets. */
  loss: LossOptions;
}

/** A micro-batch on the device. */
export interface PlacedMicroBatch {
  batch: PlacedBatch;
  /** Class of each example, [B]. */
  labels: tf.Tensor1D;
  /** What the softmax should be, [B, C]. */
  targets: tf.Tensor2D;
  /** The gradient of the loss with respect to itself: 1. */
  one: tf.Scalar;
  /** All that was put there. */
  tensors: tf.Tensor[];
}

/**
 * Puts a micro-batch on the device. Call it inside `tf.tidy`, which frees it.
 *
 * @param microBatch The examples.
 * @param options The model, and how it is trained.
 */
export function placeMicroBatch(
  microBatch: MicroBatch,
  { model, optimizer, slotCount, padding, rounded, loss }:
    PlaceMicroBatchOptions,
): PlacedMicroBatch {
  const classes = model.config.labels.length;
  const [, ...tables] = model.tables;
  const batch = placeLookUps(microBatch, {
    counts: [slotCount, ...tables.map(({ shape }) => shape[0])],
    learned: TABLES.some((name) => optimizer.trains(name)),
    padding,
    rounded,
  });
  const labels = tf.tensor1d(microBatch.labels, "int32");
  const { labelSmoothing, classWeights } = loss;
  const targets = tf.tensor2d(
    classTargets(microBatch.labels, { classes, labelSmoothing, classWeights }),
    [microBatch.labels.length, classes],
  );
  const one = tf.scalar(1);
  const tensors = [...placedTensors(batch), labels, targets, one];
  return { batch, labels, targets, one, tensors };
}

/** The figures and gradients of some examples of a batch. */
export interface Gradients {
  /** Their share of the batch's mean loss. */
  loss: tf.Scalar;
  /** Those whose largest logit was the true class. */
  correct: tf.Scalar;
  /** One a trained parameter, in their order. */
  gradients: tf.Tensor[];
}

/** What gradients are taken of, and where. */
export interface GradientOptions {
  model: BertClassifier;
  optimizer: Optimizer;
  /** The parameters, or what takes their place in this step. */
  parameters: Parameters;
  /** Where dropout is drawn from, and what the whole batch counts. */
  numbers: DropoutDraw & BatchTotal;
  /** Told when the loss is there. */
  onPhase?: OnPhase | undefined;
}

/**
 * Computes a micro-batch's figures and gradients.
 *
 * @param options Of what, and where.
 * @param microBatch The examples.
 */
export function gradientsOf(
  { model, optimizer, parameters, numbers, onPhase }: GradientOptions,
  { batch, labels, targets, one }: PlacedMicroBatch,
): Gradients {
  let correct: tf.Scalar | undefined;
  const { value, grads } = tf.valueAndGrads(() => {
    const logits = model.logits(batch, { draw: numbers, parameters });
    correct = tf.keep(correctCount(logits, labels));
    const loss = crossEntropy(logits, targets, numbers);
    onPhase?.("gradient");
    return loss;
  })(optimizer.trained.map((name) => parameters.get(name)!), one);
  // tidy frees what is not returned, and keeps what was kept: hand it on.
  const counted = tf.clone(correct!);
  correct!.dispose();
  return { loss: value as tf.Scalar, correct: counted, gradients: grads };
}

/** The sums; what was added is used up. */
export function addGradients(a: Gradients, b: Gradients): Gradients {
  return {
    loss: accumulate(a.loss, b.loss) as tf.Scalar,
    correct: accumulate(a.correct, b.correct) as tf.Scalar,
    gradients: a.gradients.map((gradient, i) =>
      accumulate(gradient, b.gradients[i])
    ),
  };
}
