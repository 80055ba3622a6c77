/**
 * How the learning rate changes over a run, as Hugging Face's schedules with
 * warm-up have it: over the first steps it rises in a straight line from 0,
 * which the first step has, to the rate; after them it stays (`constant`),
 * falls in a straight line (`linear`) or along half a cosine (`cosine`) to 0,
 * which the step after the last would have.
 *
 * @module
 */

/** What the learning rate does after the warm-up. */
export type Schedule = "constant" | "linear" | "cosine";

/** How the learning rate changes. */
export interface ScheduleOptions {
  /** The largest rate. */
  learningRate: number;
  /** What it does once it has been reached. */
  schedule: Schedule;
  /** Steps until the rate is reached; if undefined, `warmupRatio` tells. */
  warmupSteps: number | undefined;
  /** The same as a share of all steps, rounded up; 0 if undefined. */
  warmupRatio: number | undefined;
}

/**
 * The learning rate of a step.
 *
 * @param step The step, from 1.
 * @param total Steps of the whole run.
 * @param options The schedule.
 *
 * @example
 * ```ts
 * import { learningRateAt } from "./schedule.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rates = [1, 2, 3, 4, 5, 6].map((step) =>
 *   learningRateAt(step, 6, {
 *     learningRate: 1,
 *     schedule: "linear",
 *     warmupSteps: 2,
 *     warmupRatio: undefined,
 *   })
 * );
 * assertEquals(rates, [0, 0.5, 1, 0.75, 0.5, 0.25]);
 * ```
 */
export function learningRateAt(
  step: number,
  total: number,
  options: ScheduleOptions,
): number {
  const { learningRate, schedule } = options;
  const warmup = options.warmupSteps ??
    Math.ceil((options.warmupRatio ?? 0) * total);
  const done = step - 1;
  if (done < warmup) return learningRate * done / warmup;
  const progress = Math.min(1, (done - warmup) / Math.max(1, total - warmup));
  switch (schedule) {
    case "constant":
      return learningRate;
    case "linear":
      return learningRate * (1 - progress);
    case "cosine":
      return learningRate * (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
