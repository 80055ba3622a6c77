/**
 * From the figures of single steps, on the device, to those of an epoch.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { nextTurn, perSecond } from "../base/clock.ts";
import type { OnProgress } from "../base/progress.ts";
import type { Batch } from "../data/batch/batches.ts";
import type { Table } from "../data/table/table.ts";
import { readNumbers } from "../device/reading.ts";
import type { StepEvent } from "../events/events.ts";
import { notFinite, type NotFiniteStep } from "./not_finite.ts";
import type { TrainState } from "./state.ts";
import type { StepFigures } from "./step.ts";
import type { TrainingOptions } from "./training_options.ts";

/** What was trained since the process began the epoch, and how long it took. */
export interface Spent {
  examples: number;
  tokens: number;
  /** Training alone. */
  seconds: number;
}

/** One step: what was trained on, and how it went. */
export interface FinishedStep {
  /** Steps since the start of training, this one included. */
  step: number;
  /** Still on the device. */
  figures: StepFigures;
  /** What it was trained on. */
  batch: Batch;
}

/** Who is told, and what with. */
export interface FigureOptions {
  training: Pick<TrainingOptions, "epochs" | "skipNonFinite">;
  /** The examples, to name those of a step that fails. */
  train: Table;
  /** Told of each step that is left out. */
  onSkip?: ((step: NotFiniteStep) => void) | undefined;
  onStep?: ((event: StepEvent) => void) | undefined;
  onProgress?: OnProgress | undefined;
  checkDevice?: (() => void) | undefined;
}

/** Reads the figures of finished steps into the state, and tells them. */
export class FigureReader {
  /** Since the epoch began, or since a resumed run went on with it. */
  readonly spent: Spent = { examples: 0, tokens: 0, seconds: 0 };
  #since = performance.now();
  #pending: FinishedStep[] = [];
  /** The same at the last step event. */
  #told: Spent = { ...this.spent };

  constructor(
    readonly state: TrainState,
    readonly options: FigureOptions,
    readonly total: number,
  ) {}

  /** Adds a step; its figures are read and disposed later. */
  add(finished: FinishedStep): void {
    this.#pending.push(finished);
  }

  /** Runs something whose time is not training time. */
  async paused(work: () => Promise<void> | undefined): Promise<void> {
    this.#clock();
    await work();
    this.#since = performance.now();
  }

  /**
   * Reads all pending figures; tells the last as step `logged`, if given.
   *
   * @throws {UserError} `not-finite` if a loss or a gradient is not finite.
   */
  async read(logged: number | undefined): Promise<void> {
    const { state, options } = this;
    let last = { loss: NaN, learningRate: NaN, gradientNorm: NaN };
    const pending = this.#pending;
    this.#pending = [];
    const scalars = pending.flatMap(({ figures }) => [
      figures.loss,
      figures.correct,
      figures.gradientNorm,
    ]);
    const numbers = await readNumbers(scalars);
    tf.dispose(scalars);
    for (const [i, { figures, batch, step }] of pending.entries()) {
      const [loss, correct, gradientNorm] = numbers.slice(3 * i);
      const { learningRate } = figures;
      last = { loss, learningRate, gradientNorm };
      const tokens = batch.tokenIds.length;
      this.spent.examples += batch.size;
      this.spent.tokens += tokens;
      if (!isFinite(loss + gradientNorm)) {
        const sourceLines = Array.from(
          batch.indices,
          (index) => options.train.sourceLines[index],
        ).sort(ascending);
        const bad = { step, loss, gradientNorm, sourceLines };
        if (!options.training.skipNonFinite) {
          throw notFinite(bad, options.train.path);
        }
        options.onSkip?.(bad);
        continue;
      }
      state.lossSum += loss * batch.size;
      state.correct += correct;
      state.examples += batch.size;
      state.tokens += tokens;
    }
    options.checkDevice?.();
    await nextTurn();
    this.#clock();
    if (logged !== undefined && isFinite(last.loss + last.gradientNorm)) {
      this.#tellStep(logged, last);
    }
    options.onProgress?.({
      phase: `epoch ${state.epoch}/${options.training.epochs}`,
      done: state.step,
      total: this.total,
      unit: "steps",
      facts: {
        loss: (state.lossSum / state.examples).toFixed(3),
        acc: (state.correct / state.examples).toFixed(3),
      },
    });
  }

  #clock(): void {
    const now = performance.now();
    this.spent.seconds += (now - this.#since) / 1000;
    this.#since = now;
  }

  #tellStep(
    step: number,
    facts: Pick<StepEvent, "loss" | "learningRate" | "gradientNorm">,
  ): void {
    const { state, options, spent } = this;
    const seconds = spent.seconds - this.#told.seconds;
    const { numTensors, numBytes } = tf.memory();
    options.onStep?.({
      event: "step",
      epoch: state.epoch,
      step,
      ...facts,
      timing: {
        examplesPerSecond: perSecond(
          spent.examples - this.#told.examples,
          seconds,
        ),
        tokensPerSecond: perSecond(spent.tokens - this.#told.tokens, seconds),
        tensors: numTensors,
        bytes: numBytes,
      },
    });
    this.#told = { ...spent };
  }
}

function ascending(a: number, b: number): number {
  return a - b;
}
