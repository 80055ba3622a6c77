/**
 * The events that every task writes, one JSON object a line. They are an
 * interface to other programs: docs/events.md describes them.
 *
 * Whatever depends on the clock or the machine sits under `timing`.
 *
 * @module
 */
import type { CheckEvent } from "./check_events.ts";
import type { DataEvent } from "./data/data_events.ts";
import type {
  ComparisonEvent,
  HardestEvent,
  MetricsEvent,
} from "./metrics_events.ts";
import type { RunEvent, SweepEvent } from "./sweep_events.ts";

export type { ScalarMetrics } from "./scalar_metrics.ts";
export type {
  BootstrapIntervals,
  ClassMetrics,
  ComparisonEvent,
  HardestEvent,
  HardExample,
  MetricsEvent,
  ReliabilityBin,
} from "./metrics_events.ts";
export type {
  DataColumns,
  DataEvent,
  SplitFigures,
  SplitUse,
} from "./data/data_events.ts";
export type { CheckEvent } from "./check_events.ts";
export type { RunEvent, SweepEvent, SweepRow } from "./sweep_events.ts";

/** The first line of a task: what was asked, and with what. */
export interface StartEvent {
  /** Tells the kinds of lines apart. */
  event: "start";
  /** The task's name. */
  task: string;
  /** The resolved config: every field, defaults filled in. */
  config: Record<string, unknown>;
  /** Of this program, of Deno and of tfjs. */
  versions: Record<string, string>;
  /** What computes, as `cpu (wasm, 1 thread)`; null for tasks that don't. */
  device: string | null;
}

/** One thing that can be downloaded. */
export interface EntryEvent {
  /** Tells the kinds of lines apart. */
  event: "entry";
  /** What it is asked for by. */
  name: string;
  /** `model` or `dataset`. */
  kind: string;
  /** Who writes files like those in it, as `d2l-mxnet`. */
  format: string;
  /** Size of its archive; null if nobody tells before it is downloaded. */
  bytes: number | null;
  /** The terms it is published under. */
  licence: string;
  /** Whether it is in the cache. */
  cached: boolean;
}

/** How far one phase of the work is. */
export interface ProgressEvent {
  /** Tells the kinds of lines apart. */
  event: "progress";
  /** What is being done, as `encode train`. */
  phase: string;
  /** Units done so far. */
  done: number;
  /** Units in all; null while that is not known. */
  total: number | null;
  /** `bytes`, `rows` or `steps`. */
  unit: string;
  /** Time since the phase began. */
  timing: { seconds: number };
}

/** One training step, told every `--log-every` steps. */
export interface StepEvent {
  /** Tells the kinds of lines apart. */
  event: "step";
  /** The running epoch; the first is 1. */
  epoch: number;
  /** Steps since the start of training; the first is 1. */
  step: number;
  /** Mean cross-entropy of the batch, in nats. */
  loss: number;
  /** The step size of this update. */
  learningRate: number;
  /** L2 norm of all gradients together, before clipping. */
  gradientNorm: number;
  /** Rates since the step event before, and what the device holds. */
  timing: {
    /** Examples trained on, a second. */
    examplesPerSecond: number;
    /** Tokens trained on, a second. */
    tokensPerSecond: number;
    /** Tensors alive; constant from step to step, or there is a leak. */
    tensors: number;
    /** Memory of these tensors. */
    bytes: number;
  };
}

/** One epoch; `loss` and `trainAccuracy` are means over it as it went. */
export interface EpochEvent {
  /** Tells the kinds of lines apart. */
  event: "epoch";
  /** The finished epoch; the first is 1. */
  epoch: number;
  /** Mean cross-entropy of its examples, in nats. */
  loss: number;
  /** Share of its examples that were classified right. */
  trainAccuracy: number;
  /** On the test split after the epoch, if there is one. */
  testAccuracy?: number;
  /** On the dev split after the epoch, if it was asked for. */
  devAccuracy?: number;
  /** Tokens trained on. */
  tokens: number;
  /** Rates count training time alone, as the book does. */
  timing: {
    /** Examples trained on, a second. */
    examplesPerSecond: number;
    /** Tokens trained on, a second. */
    tokensPerSecond: number;
    /** The whole epoch, evaluation and saving included. */
    seconds: number;
  };
}

/** What a run would take. */
export interface PlanEvent {
  /** Tells the kinds of lines apart. */
  event: "plan";
  /** Numbers that are trained. */
  parameters: number;
  /** Passes over the training split. */
  epochs: number;
  /** Steps in all. */
  steps: number;
  /** Examples a step. */
  batchSize: number;
  /** Tokens computed at once; null if whole batches are. */
  microBatchTokens: number | null;
  /** From a few steps that were made. */
  timing: {
    /** Memory of the device that the steps took. */
    bytes: number;
    /** What it has; null if it doesn't tell. */
    mostBytes: number | null;
    /** Of training. */
    secondsPerStep: number;
    /** Of training. */
    secondsPerEpoch: number;
    /** Of the split that is measured after each epoch; 0 if there is none. */
    secondsPerEvaluation: number;
    /** All epochs with their evaluations, without saving. */
    seconds: number;
  };
}

/** The time of one kernel in one phase of training. */
export interface ProfileRow {
  /** What training was doing, as `forward`. */
  phase: string;
  /** The kernel's name; empty for the phase's time outside of kernels. */
  kernel: string;
  /** How often it ran; the phase began, for the time outside of kernels. */
  calls: number;
  /** In all; on a GPU, of the host. */
  seconds: number;
}

/** Where the time of a run went. */
export interface ProfileEvent {
  /** Tells the kinds of lines apart. */
  event: "profile";
  /** The file of the trace, for chrome://tracing or Perfetto. */
  trace: string;
  /** Calls and phases that the trace leaves out, to stay small. */
  omitted: number;
  /** The times. */
  timing: {
    /** Of all phases together. */
    seconds: number;
    /** By phase, the longest first. */
    rows: ProfileRow[];
    /** What a GPU took for its kernels; empty if there is none that can tell. */
    gpu: KernelRow[];
  };
}

/** What a GPU took for one of its kernels. */
export interface KernelRow {
  /** Its name. */
  kernel: string;
  /** How often it was timed: the first runs are, not all of a long training. */
  calls: number;
  /** In all. */
  seconds: number;
}

/** One classified pair. */
export interface PredictionEvent {
  /** Tells the kinds of lines apart. */
  event: "prediction";
  /** The first sentence. */
  premise: string;
  /** The second sentence; null if there is none. */
  hypothesis: string | null;
  /** The label with the largest logit. */
  label: string;
  /** Of each label; they sum to 1. */
  probabilities: Record<string, number>;
  /** Of each label, in the model's order. */
  logits: number[];
  /** Of a row of a file: its line, or its number where there are no lines. */
  row?: number;
  /** All else that the row has, as its id or a label, by name. */
  input?: Record<string, unknown>;
}

/** Something worth knowing that doesn't stop the work. */
export interface WarningEvent {
  /** Tells the kinds of lines apart. */
  event: "warning";
  /** A short, stable name, in kebab-case. */
  code: string;
  /** What there is to know. */
  message: string;
  /** What to do about it; may be empty. */
  hint: string;
  /** Of a step that is not finite: the lines of its examples in their file. */
  rows?: number[];
}

/** Why the task ended early; the last line then. */
export interface ErrorEvent {
  /** Tells the kinds of lines apart. */
  event: "error";
  /** A short, stable name, in kebab-case. */
  code: string;
  /** What is wrong: the thing, the value found, what was expected. */
  message: string;
  /** What to do about it; may be empty. */
  hint: string;
  /** Of a step that is not finite: the lines of its examples in their file. */
  rows?: number[];
}

/** The last line of a task that succeeded: its summary. */
export interface DoneEvent {
  /** Tells the kinds of lines apart. */
  event: "done";
  /** The task's name. */
  task: string;
  /** What was written, as paths. */
  files: string[];
  /** `seconds` the task took, and the task's own rates. */
  timing: Record<string, number>;
  /** The task's own facts, as `accuracy`. */
  [fact: string]: unknown;
}

/** Any line of the log, less its `ts`. */
export type Event =
  | StartEvent
  | EntryEvent
  | DataEvent
  | ProgressEvent
  | StepEvent
  | EpochEvent
  | PlanEvent
  | ProfileEvent
  | PredictionEvent
  | MetricsEvent
  | ComparisonEvent
  | HardestEvent
  | RunEvent
  | SweepEvent
  | CheckEvent
  | WarningEvent
  | ErrorEvent
  | DoneEvent;
