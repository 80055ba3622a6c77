/**
 * How a model is trained if nothing is said: as `finetune` without flags.
 *
 * @module
 */
import { taskSchemas } from "../settings/config.ts";
import type { TrainingOptions } from "./training_options.ts";
import { trainingOptions } from "./training_settings.ts";

/**
 * The defaults of `finetune`, to spread your own options over: all parameters
 * are trained by Adam at a constant rate of 1e-4, in 5 epochs of batches of 512
 * that are computed at once.
 *
 * @example
 * ```ts
 * import { trainingDefaults, type TrainingOptions } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const training: TrainingOptions = { ...trainingDefaults, optimizer: "adamw" };
 * assertEquals(training.learningRate, 1e-4);
 * ```
 */
export const trainingDefaults: TrainingOptions = trainingOptions(
  taskSchemas.finetune.parse({}),
  { frozen: new Set(), classWeights: undefined, microBatchTokens: undefined },
);
