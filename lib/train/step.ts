/**
 * One training step: forward, gradient, update.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { nextTurn } from "../base/clock.ts";
import type { Batch } from "../data/batch/batches.ts";
import { readNumbers } from "../device/reading.ts";
import { type Recorder, recorder } from "../device/recorder.ts";
import type { DropoutDraw } from "../model/bert.ts";
import type { BertClassifier } from "../model/classifier.ts";
import { totalWeight } from "../ops/cross_entropy/targets.ts";
import type { PaddingRows } from "../ops/embedding/padding_rows.ts";
import { clipFactor, globalNorm } from "../ops/global_norm/mod.ts";
import type { Optimizer, StepInputs } from "../optim/optimizer.ts";
import type { OnPhase } from "../profile/profile.ts";
import type { ModelConfig } from "../weights/model_config.ts";
import { fillBatch } from "./data/fill_batch.ts";
import { type MicroBatch, microBatches } from "./data/micro_batches.ts";
import {
  addGradients,
  type Gradients,
  gradientsOf,
  type PlacedMicroBatch,
  placeMicroBatch,
} from "./gradients.ts";
import type { StepSettings } from "./training_options.ts";

/** How a step is made, and who is told. */
export interface StepOptions {
  /** What all steps of a training have in common. */
  settings: StepSettings;
  learningRate: number;
  /** Where dropout is drawn from. */
  draw: DropoutDraw;
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
  const { settings, learningRate } = options;
  const engine = tf.engine();
  // As tf.tidy, which cannot wait.
  engine.startScope();
  let figures: StepFigures | undefined;
  try {
    options.onPhase?.("optimizer");
    const device = recorder();
    const rounded = device !== undefined;
    const inputs = optimizer.begin(batch.tokenIds, { learningRate, rounded });
    const total = totalWeight(batch.labels, settings.classWeights);
    const padding = paddingRows(model.config, batch.tokenIds, inputs);
    const step = { options, model, optimizer, inputs, padding, rounded, total };
    const mostTokens = settings.microBatchTokens ?? Infinity;
    const { tableSlots } = inputs;
    const cut = [...microBatches(batch, { tableSlots, mostTokens })];
    const whole = rounded ? wholeBatch(cut, mostTokens) : undefined;
    // A profile is of the program's phases, and figures that decide about the
    // update must be read before it.
    const plays = options.plays !== false && !options.onPhase &&
      !settings.skipNonFinite;
    figures = device && whole && plays
      ? playStep(step, whole, device)
      : await takeStep(step, whole ? [whole] : cut);
    return figures;
  } finally {
    engine.endScope(figures as unknown as tf.TensorContainer);
  }
}

/** The batch with a rounded number of tokens, if it can be computed at once. */
function wholeBatch(
  cut: readonly MicroBatch[],
  mostTokens: number,
): MicroBatch | undefined {
  if (cut.length > 1) return undefined;
  const filled = fillBatch(cut[0]);
  return filled.tableSlots.length <= mostTokens ? filled : undefined;
}

/** A step that has begun. */
interface Step {
  options: StepOptions;
  model: BertClassifier;
  optimizer: Optimizer;
  inputs: StepInputs;
  /** Of each table the row that learns nothing. */
  padding: PaddingRows;
  /** Whether sizes are rounded, so that the step can be recorded. */
  rounded: boolean;
  /** What the batch's examples count together. */
  total: number;
}

/** Goes through the model, one micro-batch after the other. */
async function takeStep(
  step: Step,
  cut: readonly MicroBatch[],
): Promise<StepFigures> {
  const { model, optimizer, options, total } = step;
  const { settings, learningRate, draw, onPhase } = options;
  const parameters = optimizer.parameters();
  const numbers = { ...draw, total };
  let sum: Gradients | undefined;
  for (const [i, microBatch] of cut.entries()) {
    // A signal that ends the process is heard between two of them.
    if (i > 0) await nextTurn();
    onPhase?.("forward");
    const next = tf.tidy(() =>
      gradientsOf(
        { model, optimizer, parameters, numbers, onPhase },
        place(step, microBatch),
      ) as unknown as tf.TensorContainer
    ) as unknown as Gradients;
    sum = sum === undefined ? next : addGradients(sum, next);
  }
  onPhase?.("optimizer");
  const { loss, correct, gradients } = sum!;
  const gradientNorm = globalNorm(gradients);
  const figures = { loss, correct, gradientNorm, learningRate };
  if (!settings.skipNonFinite || await areFinite(figures)) {
    update(step, gradients, gradientNorm);
    optimizer.end();
  }
  return figures;
}

/** Has a device play the step of all of a batch. */
function playStep(
  step: Step,
  batch: MicroBatch,
  device: Recorder,
): StepFigures {
  const { model, optimizer, options, inputs, total } = step;
  const { settings, learningRate, draw, onPhase } = options;
  const placed = place(step, batch);
  const [loss, correct, gradientNorm] = device.play({
    key: `${placed.batch.packing.longest} ${settings.maxGradNorm}`,
    inputs: [...inputs.placed, ...placed.tensors],
    state: [
      ...model.parameters.values(),
      ...model.constants.values(),
      ...optimizer.tensors,
    ],
    numbers: { ...draw, total },
  }, (numbers) => {
    const parameters = optimizer.parameters();
    const { loss, correct, gradients } = gradientsOf(
      { model, optimizer, parameters, numbers, onPhase },
      placed,
    );
    const norm = globalNorm(gradients);
    update(step, gradients, norm);
    return [loss, correct, norm];
  });
  optimizer.end();
  return { loss, correct, gradientNorm, learningRate };
}

/** Puts a micro-batch of the step on the device. */
function place(
  { model, optimizer, options, inputs, padding, rounded }: Step,
  microBatch: MicroBatch,
): PlacedMicroBatch {
  return placeMicroBatch(microBatch, {
    model,
    optimizer,
    slotCount: inputs.slotCount,
    padding,
    rounded,
    loss: options.settings,
  });
}

/** The padding rows of the tables that a batch looks up: token, segment, position. */
function paddingRows(
  config: ModelConfig,
  tokenIds: Int32Array,
  { tableSlots }: StepInputs,
): PaddingRows {
  const { paddingRow, firstPosition } = config;
  if (paddingRow === undefined || paddingRow === null) return [];
  const found = tokenIds.indexOf(paddingRow);
  return [
    found < 0 ? null : tableSlots[found],
    null,
    // Where positions begin after padding's, its position learns nothing, too.
    firstPosition > 0 ? firstPosition - 1 : null,
  ];
}

function update(
  { optimizer, options }: Step,
  gradients: readonly tf.Tensor[],
  norm: tf.Scalar,
): void {
  const { maxGradNorm } = options.settings;
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
