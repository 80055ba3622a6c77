/**
 * The events that say how well a model does.
 *
 * @module
 */
import type { ScalarMetrics } from "./scalar_metrics.ts";

/** Precision, recall and F1 of one class. */
export interface ClassMetrics {
  /** Share of the examples said to be of the class that are; 0 if none is. */
  precision: number;
  /** Share of the class's examples that were found; 0 if there are none. */
  recall: number;
  /** Harmonic mean of both; 0 if both are. */
  f1: number;
  /** Examples whose true label this is. */
  support: number;
}

/** The examples whose predictions have confidences within one range. */
export interface ReliabilityBin {
  /** The range's lower end, which is not in it. */
  above: number;
  /** The range's upper end, which is. */
  upTo: number;
  /** Examples in the range. */
  examples: number;
  /** Mean probability of their predicted classes. */
  confidence: number;
  /** Share of them that were classified right. */
  accuracy: number;
}

/** How far the metrics of a split can be trusted, by the bootstrap. */
export interface BootstrapIntervals {
  /** How often the split was drawn from itself. */
  resamples: number;
  /** Of the draws. */
  seed: number;
  /** Share of the resamples that an interval holds. */
  level: number;
  /** Lower and upper end of each metric that is one number. */
  intervals: Record<keyof ScalarMetrics, [low: number, high: number]>;
}

/** How well a model does on one split. */
export interface MetricsEvent extends ScalarMetrics {
  /** Tells the kinds of lines apart. */
  event: "metrics";
  /** The split's name, as `test`. */
  split: string;
  /** Examples measured. */
  examples: number;
  /** The labels' names in the model's order: those of `confusion`'s rows. */
  labels: string[];
  /** By label. */
  perClass: Record<string, ClassMetrics>;
  /** Rows are true labels, columns predicted ones, both as in `labels`. */
  confusion: number[][];
  /** From `eval`: accuracy by confidence. */
  reliability?: ReliabilityBin[];
  /** From `eval`, unless it was asked not to. */
  bootstrap?: BootstrapIntervals;
}

/** Two models on the same examples. */
export interface ComparisonEvent {
  /** Tells the kinds of lines apart. */
  event: "comparison";
  /** The split's name, as `test`. */
  split: string;
  /** The run that the model was compared with. */
  against: string;
  /** Examples compared. */
  examples: number;
  /** Accuracy of the model. */
  accuracy: number;
  /** Accuracy of the other run's. */
  otherAccuracy: number;
  /** Examples that only the model got right. */
  onlyThis: number;
  /** Examples that only the other run's got right. */
  onlyOther: number;
  /** McNemar's test, with few examples or with many. */
  test: "exact" | "chi-square";
  /** Chi-square statistic; null for the exact test. */
  statistic: number | null;
  /** Chance of such a difference, were neither better. */
  p: number;
}

/** An example that a model does badly on. */
export interface HardExample {
  /** Its line in the source, from 1. */
  row: number;
  /** The first sentence. */
  premise: string;
  /** The second sentence; null if there is none. */
  hypothesis: string | null;
  /** The true label. */
  gold: string;
  /** The predicted label. */
  label: string;
  /** Probability of the predicted label. */
  probability: number;
  /** Cross-entropy, in nats. */
  loss: number;
}

/** The examples of a split that a model does worst on, the worst first. */
export interface HardestEvent {
  /** Tells the kinds of lines apart. */
  event: "hardest";
  /** The split's name, as `test`. */
  split: string;
  /** Those of the largest loss. */
  hardest: HardExample[];
  /** Those that are wrong with the largest probability. */
  mostConfidentlyWrong: HardExample[];
}
