/**
 * All that can be said of how a model is trained. Every option is required,
 * those that may be unset as `undefined`: one that is not handed on is an error
 * of the type checker's, not a training without it.
 *
 * @module
 */
import type { LossOptions } from "../ops/cross_entropy/targets.ts";
import type { OptimizerOptions } from "../optim/optimizer_options.ts";
import type { ScheduleOptions } from "../optim/schedule.ts";
import type { ChooseEpochOptions } from "./choose_epoch.ts";
import type { SavingOptions } from "./save_clock.ts";

/** How a step goes from its batch to its update. */
export interface StepSettings extends LossOptions {
  /** Shrinks gradients whose norm is larger to this norm; none if undefined. */
  maxGradNorm: number | undefined;
  /**
   * Tokens computed at once; the whole batch if undefined. It changes memory
   * and rounding alone.
   */
  microBatchTokens: number | undefined;
  /**
   * Leaves the model as it is if a step's loss or gradient isn't finite, and
   * goes on. The figures must be read for this, which waits for a GPU.
   */
  skipNonFinite: boolean;
}

/** How a model is trained. */
export interface TrainingOptions
  extends
    OptimizerOptions,
    ScheduleOptions,
    StepSettings,
    ChooseEpochOptions,
    SavingOptions {
  /** Passes over the training split in all, those before a resumption too. */
  epochs: number;
  /** Examples a step. */
  batchSize: number;
  /** Takes only the first rows of all tables; all if undefined. */
  limit: number | undefined;
  /** Of the examples' order and of dropout. */
  seed: number;
  /** Steps between two step events. */
  logEvery: number;
}
