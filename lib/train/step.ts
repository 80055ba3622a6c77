/**
 * One training step: forward, gradient, update.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../data/batches.ts";
import { readNumbers } from "../device/reading.ts";
import {
  type DropoutDraw,
  type Parameters,
  placeBatch,
} from "../model/bert.ts";
import type { BertClassifier } from "../model/classifier.ts";
import { accumulate } from "../ops/accumulate/mod.ts";
import { correctCount, crossEntropy } from "../ops/cross_entropy/mod.ts";
import { classTargets, totalWeight } from "../ops/cross_entropy/targets.ts";
import { clipFactor, globalNorm } from "../ops/global_norm/mod.ts";
import { type MicroBatch, microBatches } from "./micro_batches.ts";
import type { Optimizer } from "./optimizer.ts";
import type { OnPhase } from "./profile.ts";

/** What a step does besides updating the model. */
export interface StepOptions {
  learningRate: number;
  /** Where dropout is drawn from. */
  draw: DropoutDraw;
  /** Shrinks gradients whose norm is larger to this norm. */
  maxGradNorm?: number | undefined;
  /** Share of each target that all classes get alike; 0 if not given. */
  labelSmoothing?: number | undefined;
  /** How much an example of each class counts; 1 if not given. */
  classWeights?: readonly number[] | undefined;
  /** Tokens computed at once; the whole batch if not given. */
  mostTokens?: number | undefined;
  /**
   * Leaves the model as it is if the loss or a gradient isn't finite. The
   * figures must be read for this, which waits for a GPU.
   */
  skipNonFinite?: boolean | undefined;
  /** Told what the step does, to measure it. */
  onPhase?: OnPhase | undefined;
}

/** A step's figures, still on the device: reading them waits for it. */
export interface StepFigures {
  /** Mean loss of the batch before the update, in nats. */
  loss: tf.Scalar;
  /** Examples whose largest logit was the true class. */
  correct: tf.Scalar;
  /** L2 norm of all gradients together, before they are clipped. */
  gradientNorm: tf.Scalar;
  /** The step size of the update. */
  learningRate: number;
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
export async function trainStep(
  model: BertClassifier,
  optimizer: Optimizer,
  batch: Batch,
  options: StepOptions,
): Promise<StepFigures> {
  const { mostTokens = Infinity, learningRate, maxGradNorm } = options;
  const engine = tf.engine();
  // As tf.tidy, which cannot wait.
  engine.startScope();
  let figures: StepFigures | undefined;
  try {
    options.onPhase?.("optimizer");
    const { parameters, trained, tokens } = optimizer.begin(batch.tokens);
    const total = totalWeight(batch.labels, options.classWeights);
    const whole = { ...options, parameters, trained, total };
    let sum: Gradients | undefined;
    for (const part of microBatches({ ...batch, tokens }, mostTokens)) {
      const next = gradientsOf(model, part, whole);
      sum = sum === undefined ? next : addGradients(sum, next);
    }
    options.onPhase?.("optimizer");
    const { loss, correct, gradients } = sum!;
    figures = {
      loss: loss as tf.Scalar,
      correct: correct as tf.Scalar,
      gradientNorm: globalNorm(gradients),
      learningRate,
    };
    if (!options.skipNonFinite || await areFinite(figures)) {
      const named = new Map(trained.map((name, i) => [name, gradients[i]]));
      const scale = maxGradNorm === undefined
        ? undefined
        : clipFactor(figures.gradientNorm, maxGradNorm);
      optimizer.update(named, learningRate, scale);
    }
    return figures;
  } finally {
    engine.endScope(figures as unknown as tf.TensorContainer);
  }
}

async function areFinite(figures: StepFigures): Promise<boolean> {
  const numbers = await readNumbers([figures.loss, figures.gradientNorm]);
  return numbers.every(isFinite);
}

/** The figures and gradients of some examples of a batch. */
interface Gradients {
  loss: tf.Tensor;
  correct: tf.Tensor;
  /** One a trained parameter, in their order. */
  gradients: tf.Tensor[];
}

/** What the parts of a batch share. */
interface WholeBatch extends StepOptions {
  parameters: Parameters;
  trained: string[];
  /** What its examples count together. */
  total: number;
}

function gradientsOf(
  model: BertClassifier,
  part: MicroBatch,
  whole: WholeBatch,
): Gradients {
  const { parameters, trained, total, draw, onPhase } = whole;
  const classes = model.config.labels.length;
  return tf.tidy(() => {
    onPhase?.("forward");
    const placed = placeBatch(part, parameters, true);
    const labels = tf.tensor1d(part.labels, "int32");
    const targets = tf.tensor2d(
      classTargets(part.labels, { ...whole, classes }),
      [part.labels.length, classes],
    );
    let correct: tf.Tensor | undefined;
    const { value: loss, grads: gradients } = tf.valueAndGrads(() => {
      const logits = model.logits(placed, { draw, parameters });
      correct = tf.keep(correctCount(logits, labels));
      const loss = crossEntropy(logits, targets, total);
      onPhase?.("gradient");
      return loss;
    })(trained.map((name) => parameters.get(name)!));
    // tidy frees what is not returned, and keeps what was kept: hand it on.
    const counted = tf.clone(correct!);
    correct!.dispose();
    return {
      loss,
      correct: counted,
      gradients,
    } as unknown as tf.TensorContainer;
  }) as unknown as Gradients;
}

/** The sums; what was added is used up. */
function addGradients(a: Gradients, b: Gradients): Gradients {
  return {
    loss: accumulate(a.loss, b.loss),
    correct: accumulate(a.correct, b.correct),
    gradients: a.gradients.map((gradient, i) =>
      accumulate(gradient, b.gradients[i])
    ),
  };
}
