/**
 * What a case of the benchmark finds, as its JSON file has it.
 *
 * @module
 */

import type { KernelRow, ProfileRow } from "../lib/events/events.ts";

/** Where and how a case was run. */
export interface Conditions {
  /** The case's name. */
  case: string;
  /** What is measured, in a few words. */
  title: string;
  /** The day, in ISO 8601. */
  date: string;
  /** What was run. */
  command: string;
  /** The processor. */
  machine: string;
  /** The GPU's driver, if a GPU is measured and a tool tells. */
  driver?: string;
  /** Threads of every side. */
  threads: number;
  /** Mean length of the run queue in the minute before. */
  load: number;
}

/** What a figure was to reach. */
export interface Target {
  floor: number;
  target: number;
  stretch: number;
}

/** Median, least and largest of some figures. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** We and another program did the same work, in turn. */
export interface Comparison {
  kind: "comparison";
  /** The other side. */
  peer: string;
  /** Of both sides' programs. */
  versions: Record<string, string>;
  /** Our device; null if none computes. */
  device: string | null;
  /** What is counted a second. */
  unit: "examples" | "pairs" | "sentences";
  /** Of both sides, a pair of turns each. */
  rates: [ours: number, theirs: number][];
  ours: Spread;
  theirs: Spread;
  /** Of the pairs' ratios, ours to theirs. */
  ratio: Spread;
  /** Most memory of both sides, in bytes; null if it was not measured. */
  memory: [ours: number, theirs: number] | null;
  /** Our median; null if no tokens were computed on. */
  tokensPerSecond: number | null;
  /** Our fastest big matrix product in the run, in FLOP/s. */
  productPeak: number | null;
  /** Our arithmetic in matrix products a second, as a share of that. */
  productShare: number | null;
  /** Of the ratio. */
  target: Target;
  /** Of our memory to theirs, if it has one. */
  memoryTarget: Target | null;
}

/** The losses of the same steps, ours and PyTorch's. */
export interface Losses {
  kind: "losses";
  versions: Record<string, string>;
  device: string;
  losses: [ours: number, theirs: number][];
  /** The largest of the relative differences. */
  largestDifference: number;
  /** What that may be at most. */
  tolerance: number;
}

/** How long a command takes. */
export interface Duration {
  kind: "duration";
  versions: Record<string, string>;
  seconds: number;
  /** Seconds it was to take at most. */
  target: number;
}

/** One point of a sweep. */
export interface Point {
  /** What was varied, as `batch`. */
  sweep: string;
  /** Its value. */
  value: number;
  /** Of a step: the median. */
  seconds: number;
  examplesPerSecond: number;
  tokensPerSecond: number;
  /** Most memory of the process, in bytes; null if not measured. */
  memory: number | null;
  /** As in {@link Comparison}. */
  productShare: number;
}

/** How cost grows. */
export interface Scaling {
  kind: "scaling";
  versions: Record<string, string>;
  device: string;
  points: Point[];
}

/** Where the time of training goes. */
export interface Profile {
  kind: "profile";
  /** The model in words. */
  model: string;
  /** Examples a step. */
  batchSize: number;
  versions: Record<string, string>;
  device: string;
  /** Steps that were profiled. */
  steps: number;
  /** In all phases. */
  seconds: number;
  /** By phase and kernel. */
  rows: ProfileRow[];
  /** What a GPU took for its kernels, if there is one. */
  gpu: KernelRow[];
}

/** A matrix product on a GPU. */
export interface ProductRow {
  /** The model that has it, and its layer in words. */
  model: string;
  layer: string;
  /** The product of the value, or the two of the gradient. */
  pass: "value" | "gradient";
  /** Tokens, and the layer's width and inputs. */
  rows: number;
  columns: number;
  inner: number;
  /** FLOP/s of the fastest run. */
  rate: number;
}

/** How near to a GPU's arithmetic our matrix products come. */
export interface Products {
  kind: "products";
  versions: Record<string, string>;
  device: string;
  /** Whether that is a GPU, and not a program on the CPU. */
  hardware: boolean;
  /** Multiply-adds in registers alone, in FLOP/s: what there is to reach. */
  roof: number;
  rows: ProductRow[];
  /** Of a product's share of the roof, on hardware. */
  target: Target;
}

/** What a training step costs the host. */
export interface StepCost {
  /** Kernels that the GPU was given: the most of any step. */
  dispatches: number;
  /** Until it had been told all of the step: the median. */
  hostSeconds: number;
}

/** What it costs to have a GPU train. */
export interface Steps {
  kind: "steps";
  versions: Record<string, string>;
  device: string;
  /** The other side. */
  peer: string;
  /** By the model. */
  rows: {
    model: string;
    /** A step. */
    examples: number;
    /** Steps that were measured. */
    steps: number;
    ours: StepCost;
    /** Ours, if no step is played again; older results have only that. */
    taken?: StepCost;
    theirs: StepCost;
    /** Of the first step's losses, relative; null if they were not compared. */
    firstDifference: number | null;
  }[];
  /** Dispatches of ours that there may be. */
  mostDispatches: number;
  /** Share of the other side's host time that ours may be. */
  mostShare: number;
}

/** What a case finds. */
export type Finding =
  | Comparison
  | Losses
  | Duration
  | Scaling
  | Profile
  | Products
  | Steps;

/** A case's JSON file. */
export type CaseResult<F extends Finding = Finding> = Conditions & F;

/** The results of one kind. */
export function ofKind<K extends Finding["kind"]>(
  results: readonly CaseResult[],
  kind: K,
): CaseResult<Extract<Finding, { kind: K }>>[] {
  return results.filter((result) => result.kind === kind) as CaseResult<
    Extract<Finding, { kind: K }>
  >[];
}

/** Median, least and largest. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return {
    median: sorted.length % 2 === 1
      ? sorted[middle]
      : (sorted[middle - 1] + sorted[middle]) / 2,
    min: sorted[0],
    max: sorted.at(-1)!,
  };
}

/** Which of its targets a figure reaches; descending ones bound it from above. */
export function rank(
  value: number,
  { floor, target, stretch }: Target,
): "stretch" | "target" | "floor" | "missed" {
  const reaches = (bound: number) =>
    stretch >= floor ? value >= bound : value <= bound;
  return reaches(stretch)
    ? "stretch"
    : reaches(target)
    ? "target"
    : reaches(floor)
    ? "floor"
    : "missed";
}
