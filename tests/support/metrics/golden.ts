/** What scikit-learn and statsmodels compute of a few label lists. */
import {
  scoreLogits,
  type Scores,
} from "../../../lib/evaluate/metrics/scores.ts";
import type {
  ClassMetrics,
  ReliabilityBin,
} from "../../../lib/events/events.ts";
import type { ScalarMetrics } from "../../../lib/events/events.ts";

/** The metrics of a list of logits. */
export interface GoldenCase {
  name: string;
  truth: number[];
  logits: number[][];
  metrics: ScalarMetrics;
  reliability: Omit<ReliabilityBin, "above" | "upTo">[];
  confusion: number[][];
  perClass: ClassMetrics[];
  intervals: Record<keyof ScalarMetrics, [number, number]>;
}

interface Golden {
  resamples: number;
  seed: number;
  cases: GoldenCase[];
  mcnemar: {
    onlyFirst: number;
    onlySecond: number;
    test: string;
    statistic: number | null;
    p: number;
  }[];
}

/** The file's content. */
export const golden: Golden = JSON.parse(
  await Deno.readTextFile(
    new URL("../../../fixtures/golden/metrics/metrics.json", import.meta.url),
  ),
);

/** Names of a case's classes. */
export function labelsOf({ perClass }: GoldenCase): string[] {
  return perClass.map((_, i) => `class ${i}`);
}

/** A case as our metrics take it. */
export function scoresOf(expected: GoldenCase): Scores {
  return scoreLogits(Float32Array.from(expected.logits.flat()), {
    truth: Int32Array.from(expected.truth),
    labels: labelsOf(expected),
  });
}
