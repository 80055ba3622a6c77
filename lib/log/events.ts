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
  /** L2 norm of all gradients together. */
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
  };
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
}

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

/** A run of a sweep, as it is done with. */
export interface RunEvent {
  /** Tells the kinds of lines apart. */
  event: "run";
  /** What it has of its own, and the name of its folder. */
  name: string;
  /** Its run directory. */
  path: string;
  /** The settings that it has of its own. */
  settings: Record<string, unknown>;
  /** Its seed. */
  seed: number;
  /** `found`: it was finished before. */
  outcome: "trained" | "found" | "failed";
  /** Of its model, by split; none if it failed. */
  metrics: Record<string, ScalarMetrics>;
  /** Why it failed, if it did. */
  error?: string;
}

/** The runs of one combination of a sweep's settings. */
export interface SweepRow {
  /** What the combination has of its own. */
  settings: Record<string, unknown>;
  /** The seeds whose runs were measured. */
  seeds: number[];
  /** The metric of each. */
  values: number[];
  /** Their mean; null if there are none. */
  mean: number | null;
  /** Their standard deviation, of a sample; null if there are fewer than two. */
  deviation: number | null;
  /** How many runs failed. */
  failed: number;
}

/** A sweep's table. */
export interface SweepEvent {
  /** Tells the kinds of lines apart. */
  event: "sweep";
  /** The split that was measured; null if the data have none but train. */
  split: string | null;
  /** What the combinations are ranked by. */
  metric: string;
  /** The combinations, the best first. */
  rows: SweepRow[];
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
  | WarningEvent
  | ErrorEvent
  | DoneEvent;
