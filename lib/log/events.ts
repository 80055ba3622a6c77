/**
 * The events that every task writes, one JSON object a line. They are an
 * interface to other programs: docs/events.md describes them.
 *
 * Whatever depends on the clock or the machine sits under `timing`.
 *
 * @module
 */

/** The first line of a task: what was asked, and with what. */
export interface StartEvent {
  event: "start";
  task: string;
  /** The resolved config: every field, defaults filled in. */
  config: Record<string, unknown>;
  versions: Record<string, string>;
  /** What computes, as `cpu (wasm, 1 thread)`; null for tasks that don't. */
  device: string | null;
}

/** How far one phase of the work is. */
export interface ProgressEvent {
  event: "progress";
  phase: string;
  done: number;
  total: number | null;
  unit: string;
  timing: { seconds: number };
}

/** One training step, told every `--log-every` steps. */
export interface StepEvent {
  event: "step";
  epoch: number;
  /** Steps since the start of training; the first is 1. */
  step: number;
  /** Mean cross-entropy of the batch, in nats. */
  loss: number;
  learningRate: number;
  /** L2 norm of all gradients together. */
  gradientNorm: number;
  timing: {
    examplesPerSecond: number;
    tokensPerSecond: number;
    tensors: number;
    bytes: number;
  };
}

/** One epoch; `loss` and `trainAccuracy` are means over it as it went. */
export interface EpochEvent {
  event: "epoch";
  epoch: number;
  loss: number;
  trainAccuracy: number;
  testAccuracy?: number;
  devAccuracy?: number;
  /** Tokens trained on. */
  tokens: number;
  timing: {
    /** Counts training time alone, as the book does. */
    examplesPerSecond: number;
    tokensPerSecond: number;
    /** The whole epoch, evaluation and saving included. */
    seconds: number;
  };
}

/** One classified pair. */
export interface PredictionEvent {
  event: "prediction";
  premise: string;
  hypothesis: string | null;
  label: string;
  probabilities: Record<string, number>;
  logits: number[];
}

/** Precision, recall and F1 of one class. */
export interface ClassMetrics {
  precision: number;
  recall: number;
  f1: number;
  /** Examples whose true label this is. */
  support: number;
}

/** How well a model does on one split. */
export interface MetricsEvent {
  event: "metrics";
  split: string;
  examples: number;
  /** Mean cross-entropy, in nats. */
  loss: number;
  accuracy: number;
  macroF1: number;
  perClass: Record<string, ClassMetrics>;
  /** Rows are true labels, columns predicted ones. */
  confusion: number[][];
}

/** Something worth knowing that doesn't stop the work. */
export interface WarningEvent {
  event: "warning";
  code: string;
  message: string;
  hint: string;
}

/** Why the task ended early; the last line then. */
export interface ErrorEvent {
  event: "error";
  code: string;
  message: string;
  hint: string;
}

/** The last line of a task that succeeded: its summary. */
export interface DoneEvent {
  event: "done";
  task: string;
  /** What was written, as paths. */
  files: string[];
  timing: Record<string, number>;
  /** The task's own facts, as `accuracy`. */
  [fact: string]: unknown;
}

/** Any line of the log, less its `ts`. */
export type Event =
  | StartEvent
  | ProgressEvent
  | StepEvent
  | EpochEvent
  | PredictionEvent
  | MetricsEvent
  | WarningEvent
  | ErrorEvent
  | DoneEvent;
