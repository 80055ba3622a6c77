/**
 * From the figures of single steps, on the device, to those of an epoch.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { StepEvent } from "../log/events.ts";
import type { OnProgress } from "../progress.ts";
import type { TrainState } from "./state.ts";
import type { StepFigures } from "./step.ts";

/** What was trained since the process began the epoch, and how long it took. */
export interface Spent {
  examples: number;
  tokens: number;
  /** Training alone. */
  seconds: number;
}

/** A rate; 0 while no time has passed. */
export function perSecond(count: number, seconds: number): number {
  return seconds > 0 ? count / seconds : 0;
}

/**
 * Gives the event loop a turn, so that signals and timers get theirs: on the
 * CPU, reading a tensor doesn't.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Who is told, and what with. */
export interface FigureOptions {
  epochs: number;
  learningRate: number;
  onStep?: ((event: StepEvent) => void) | undefined;
  onProgress?: OnProgress | undefined;
  checkDevice?: (() => void) | undefined;
}

/** Reads the figures of finished steps into the state, and tells them. */
export class FigureReader {
  /** Since the epoch, or the part of it that a resumed run trains, began. */
  readonly spent: Spent = { examples: 0, tokens: 0, seconds: 0 };
  #since = performance.now();
  #pending: { figures: StepFigures; examples: number; tokens: number }[] = [];
  /** The same at the last step event. */
  #told: Spent = { ...this.spent };

  constructor(
    readonly state: TrainState,
    readonly options: FigureOptions,
    readonly total: number,
  ) {}

  add(figures: StepFigures, examples: number, tokens: number): void {
    this.#pending.push({ figures, examples, tokens });
  }

  /** Runs something whose time is not training time. */
  async paused(work: () => Promise<void> | undefined): Promise<void> {
    this.#clock();
    await work();
    this.#since = performance.now();
  }

  /** Reads all pending figures; tells the last as step `logged`, if given. */
  async read(logged: number | undefined): Promise<void> {
    const { state, options } = this;
    let loss = NaN;
    let gradientNorm = NaN;
    for (const { figures, examples, tokens } of this.#pending) {
      loss = (await figures.loss.data())[0];
      const correct = (await figures.correct.data())[0];
      const norm = await figures.gradientNorm?.data();
      if (norm) gradientNorm = norm[0];
      tf.dispose(figures as unknown as tf.TensorContainer);
      state.lossSum += loss * examples;
      state.correct += correct;
      state.examples += examples;
      state.tokens += tokens;
      this.spent.examples += examples;
      this.spent.tokens += tokens;
    }
    this.#pending = [];
    options.checkDevice?.();
    await nextTurn();
    this.#clock();
    if (logged !== undefined) this.#tellStep(logged, loss, gradientNorm);
    options.onProgress?.({
      phase: `epoch ${state.epoch}/${options.epochs}`,
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

  #tellStep(step: number, loss: number, gradientNorm: number): void {
    const { state, options, spent } = this;
    const seconds = spent.seconds - this.#told.seconds;
    const { numTensors, numBytes } = tf.memory();
    options.onStep?.({
      event: "step",
      epoch: state.epoch,
      step,
      loss,
      learningRate: options.learningRate,
      gradientNorm,
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
