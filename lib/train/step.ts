/**
 * One training step: forward, gradient, update.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../data/batch/batches.ts";
import { readNumbers } from "../device/reading.ts";
import { type Recorder, recorder } from "../device/recorder.ts";
import type { DropoutDraw } from "../model/bert.ts";
import type { BertClassifier } from "../model/classifier.ts";
import { totalWeight } from "../ops/cross_entropy/targets.ts";
import { clipFactor, globalNorm } from "../ops/global_norm/mod.ts";
import { fillBatch } from "./data/fill_batch.ts";
import {
  addGradients,
  type Gradients,
  gradientsOf,
  placePart,
} from "./gradients.ts";
import { type MicroBatch, microBatches } from "./data/micro_batches.ts";
import type { Optimizer, StepInputs } from "../optim/optimizer.ts";
import type { OnPhase } from "../profile/profile.ts";

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
  /** Whether a device may play a step that it has recorded; if not given, it may. */
  plays?: boolean | undefined;
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
 * A device that records does a step like one before it without going through
 * the model again; the batch gets a rounded number of tokens for that.
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
  const { mostTokens = Infinity, learningRate } = options;
  const engine = tf.engine();
  // As tf.tidy, which cannot wait.
  engine.startScope();
  let figures: StepFigures | undefined;
  try {
    options.onPhase?.("optimizer");
    const device = recorder();
    const rounded = device !== undefined;
    const begun = optimizer.begin(batch.tokenIds, { learningRate, rounded });
    const total = totalWeight(batch.labels, options.classWeights);
    const step = { ...options, ...begun, rounded, model, optimizer, total };
    const parts = [...microBatches({ ...batch, ...begun }, mostTokens)];
    const whole = rounded ? wholeBatch(parts, mostTokens) : undefined;
    // A profile is of the program's phases, and figures that decide about the
    // update must be read before it.
    const plays = options.plays !== false && !options.onPhase &&
      !options.skipNonFinite;
    figures = device && whole && plays
      ? playStep(step, whole, device)
      : await takeStep(step, whole ? [whole] : parts);
    return figures;
  } finally {
    engine.endScope(figures as unknown as tf.TensorContainer);
  }
}

/** The batch with a rounded number of tokens, if it can be computed at once. */
function wholeBatch(
  parts: readonly MicroBatch[],
  mostTokens: number,
): MicroBatch | undefined {
  if (parts.length > 1) return undefined;
  const filled = fillBatch(parts[0]);
  return filled.tableSlots.length <= mostTokens ? filled : undefined;
}

/** A step that has begun. */
interface Step extends StepOptions, StepInputs {
  model: BertClassifier;
  optimizer: Optimizer;
  /** Whether sizes are rounded, so that the step can be recorded. */
  rounded: boolean;
  /** What the batch's examples count together. */
  total: number;
}

/** Goes through the model, part by part. */
async function takeStep(
  step: Step,
  parts: readonly MicroBatch[],
): Promise<StepFigures> {
  const { optimizer, learningRate, total, draw, onPhase } = step;
  const parameters = optimizer.parameters();
  const numbers = { ...draw, total };
  let sum: Gradients | undefined;
  for (const part of parts) {
    onPhase?.("forward");
    const next = tf.tidy(() =>
      gradientsOf(
        { ...step, parameters, numbers },
        placePart(step, part),
      ) as unknown as tf.TensorContainer
    ) as unknown as Gradients;
    sum = sum === undefined ? next : addGradients(sum, next);
  }
  onPhase?.("optimizer");
  const { loss, correct, gradients } = sum!;
  const gradientNorm = globalNorm(gradients);
  const figures = { loss, correct, gradientNorm, learningRate };
  if (!step.skipNonFinite || await areFinite(figures)) {
    update(step, gradients, gradientNorm);
    optimizer.end();
  }
  return figures;
}

/** Has a device play the step of all of a batch. */
function playStep(
  step: Step,
  part: MicroBatch,
  device: Recorder,
): StepFigures {
  const { optimizer, learningRate, maxGradNorm, total, draw } = step;
  const placed = placePart(step, part);
  const [loss, correct, gradientNorm] = device.play({
    key: `${placed.batch.packing.longest} ${maxGradNorm}`,
    inputs: [...step.placed, ...placed.tensors],
    state: [...step.model.parameters.values(), ...optimizer.tensors],
    numbers: { ...draw, total },
  }, (numbers) => {
    const parameters = optimizer.parameters();
    const { loss, correct, gradients } = gradientsOf(
      { ...step, parameters, numbers },
      placed,
    );
    const norm = globalNorm(gradients);
    update(step, gradients, norm);
    return [loss, correct, norm];
  });
  optimizer.end();
  return { loss, correct, gradientNorm, learningRate };
}

function update(
  { optimizer, maxGradNorm }: Step,
  gradients: readonly tf.Tensor[],
  norm: tf.Scalar,
): void {
  const names = optimizer.trained;
  optimizer.update(
    new Map(names.map((name, i) => [name, gradients[i]])),
    maxGradNorm === undefined ? undefined : clipFactor(norm, maxGradNorm),
  );
}

async function areFinite(figures: StepFigures): Promise<boolean> {
  const numbers = await readNumbers([figures.loss, figures.gradientNorm]);
  return numbers.every(isFinite);
}
