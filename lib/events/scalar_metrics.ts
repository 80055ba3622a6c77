/**
 * The metrics that are one number.
 *
 * @module
 */

/** The metrics of a split that are one number each. */
export interface ScalarMetrics {
  /** Mean cross-entropy, in nats. */
  loss: number;
  /** Share of the examples that were classified right. */
  accuracy: number;
  /** Mean of the classes' F1. */
  macroF1: number;
  /** Mean of the classes' F1, each weighed by its examples. */
  weightedF1: number;
  /** Matthews' correlation of true and predicted labels, -1 to 1. */
  matthews: number;
  /** Mean distance of confidence and accuracy, 0 to 1. */
  expectedCalibrationError: number;
}

/** Their names. */
export const SCALARS = [
  "loss",
  "accuracy",
  "macroF1",
  "weightedF1",
  "matthews",
  "expectedCalibrationError",
] as const satisfies (keyof ScalarMetrics)[];

/** Those of them of which less is better. */
export const COSTS: ReadonlySet<string> = new Set<keyof ScalarMetrics>([
  "loss",
  "expectedCalibrationError",
]);
