/**
 * Every setting once, with its type, range, default and help text. Which task
 * has which is said in config.ts.
 *
 * @module
 */
import { z } from "zod";
import { SCALARS } from "./metrics/classification.ts";
import { seedList } from "./sweep/settings.ts";

const cache = ".premise/cache";
const table = ".premise/data/snli";
const run = ".premise/runs/bert.small";

/** Adds the help text, and what stands for the value in the usage text. */
function help<T extends z.ZodType>(
  schema: T,
  description: string,
  placeholder = "",
): T {
  return schema.meta({ description, placeholder });
}

/** Labels given by name, as `entailment,contradiction,neutral`. */
const labelNames = z.array(z.string().min(1)).min(2);

/** The settings, by names of their own: two tasks may mean another `model`. */
export const fields = {
  // Where things are.
  pretrained: help(
    z.string().min(1).default("bert.small"),
    "pretrained model: a directory, a zip or a catalogue name",
    "DIR",
  ),
  run: help(
    z.string().min(1).default(run),
    "fine-tuned model: a run directory",
    "RUN",
  ),
  modelName: help(
    z.string().min(1).optional(),
    "model to fetch, by its catalogue name",
    "NAME",
  ),
  datasetName: help(
    z.string().min(1).optional(),
    "data set to fetch, by its catalogue name",
    "NAME",
  ),
  sources: help(
    z.array(z.string().min(1)).min(1).default(["snli"]),
    "text: a directory, a zip, a catalogue name, a file, or SPLIT=FILE; - is standard input",
    "PATH",
  ),
  table: help(
    z.string().min(1).default(table),
    "encoded data: a directory made by preprocess",
    "DIR",
  ),
  tableOut: help(
    z.string().min(1).default(table),
    "directory to write the encoded data to",
    "DIR",
  ),
  runOut: help(
    z.string().min(1).default(run),
    "directory to write the run to",
    "RUN",
  ),
  cache: help(
    z.string().min(1).default(cache),
    "where downloads are kept",
    "DIR",
  ),
  hub: help(
    z.string().min(1).optional(),
    "fetch every entry from here instead of its own address",
    "URL",
  ),
  catalogue: help(
    z.string().min(1).optional(),
    "a catalogue file whose entries are added to the built-in ones",
    "FILE",
  ),
  offline: help(
    z.boolean().default(false),
    "keep off the network: only what is in the cache, or on this machine",
  ),
  list: help(
    z.boolean().default(false),
    "list what can be downloaded and what is in the cache",
  ),
  verify: help(
    z.boolean().default(false),
    "check all that is in the cache against its digests",
  ),
  weights: help(
    z.string().min(1).optional(),
    "weights file to take instead of the directory's own, or: random",
    "FILE",
  ),

  // What a model directory cannot tell.
  heads: help(
    z.int().min(1).max(1024).optional(),
    "attention heads, where neither files nor catalogue tell",
    "N",
  ),
  labels: help(
    labelNames.optional(),
    "label names in the order of the model's outputs",
    "A,B,C",
  ),

  // Text to tokens.
  maxLen: help(
    z.int().min(3).max(65536).optional(),
    "longest encoded pair; default: the smaller of 128 and the model's positions",
    "TOKENS",
  ),
  truncation: help(
    z.enum(["longest-first", "ratio"]).default("longest-first"),
    "how pairs that are too long are cut",
  ),
  workers: help(
    z.int().min(1).max(256).optional(),
    "encoding workers; default: the cores, at most 4",
    "N",
  ),
  limit: help(
    z.int().min(1).optional(),
    "take only the first rows of each split",
    "ROWS",
  ),
  testFraction: help(
    z.number().gt(0).lt(1).optional(),
    "share of the training premises that becomes the test split",
    "F",
  ),
  dev: help(
    z.string().min(1).optional(),
    "file of the dev split, as --data dev=PATH",
    "PATH",
  ),
  devFraction: help(
    z.number().gt(0).lt(1).optional(),
    "share of the training premises that becomes the dev split",
    "F",
  ),
  premiseField: help(
    z.string().min(1).optional(),
    "column or field of the first sentence; default: found by its usual names",
    "NAME",
  ),
  hypothesisField: help(
    z.string().min(1).optional(),
    "column or field of the second sentence",
    "NAME",
  ),
  labelField: help(
    z.string().min(1).optional(),
    "column or field of the label",
    "NAME",
  ),
  dataLabels: help(
    labelNames.optional(),
    "label names in the order of the data's numbers; default: the model's",
    "A,B,C",
  ),
  delimiter: help(
    z.string().regex(
      /^([\t -!#-~]|\\t)$/,
      "one ASCII character, or \\t for a tab",
    ).optional(),
    "what separates a table's cells; default: a tab in .tsv, else a comma",
    "CHAR",
  ),
  quoting: help(
    z.enum(["auto", "csv", "none"]).default("auto"),
    "whether a table's cells may be quoted; auto: in .tsv only if its header is",
  ),
  onBadRow: help(
    z.enum(["stop", "skip"]).default("stop"),
    "skip leaves rows out that cannot be read, and lists them beside the tables",
  ),
  hypothesisOnly: help(
    z.boolean().default(false),
    "leave the premises empty, to see what the hypotheses alone give away",
  ),
  expectRows: help(
    z.record(z.string(), z.int().min(0)).optional(),
    "fail unless the splits have these many rows",
    "train=N,test=N",
  ),

  // Training.
  epochs: help(
    z.int().min(1).max(10000).default(5),
    "passes over the training split",
    "N",
  ),
  batchSize: help(
    z.int().min(1).max(1_000_000).default(512),
    "examples a step; --micro-batch-tokens says how many are computed at once",
    "N",
  ),
  lr: help(z.number().gt(0).max(10).default(1e-4), "learning rate", "RATE"),
  schedule: help(
    z.enum(["constant", "linear", "cosine"]).default("constant"),
    "how the learning rate goes on after the warm-up: it stays, or falls to 0",
  ),
  warmupSteps: help(
    z.int().min(0).optional(),
    "steps in which the learning rate rises from 0; default: none",
    "STEPS",
  ),
  warmupRatio: help(
    z.number().min(0).max(1).optional(),
    "the same as a share of all steps",
    "F",
  ),
  optimizer: help(
    z.enum(["adam", "adam-mxnet", "adamw", "sgd"]).default("adam"),
    "Adam as PyTorch or as MXNet computes it, AdamW, or SGD with momentum",
  ),
  weightDecay: help(
    z.number().min(0).max(10).optional(),
    "pull of weights towards 0, but for biases and norms; default: 0.01 with adamw, else 0",
    "F",
  ),
  momentum: help(
    z.number().min(0).lt(1).optional(),
    "share of sgd's last step that goes on; default: 0.9",
    "F",
  ),
  layerDecay: help(
    z.number().gt(0).max(1).default(1),
    "what the learning rate is multiplied by for each layer further down",
    "F",
  ),
  freeze: help(
    z.array(z.string().min(1)).min(1).optional(),
    "parts that stay as they are, as embeddings,blocks.0-3",
    "PART,PART",
  ),
  labelSmoothing: help(
    z.number().min(0).lt(1).optional(),
    "share of each target that all classes get alike",
    "F",
  ),
  classWeights: help(
    z.array(z.number().gt(0).max(1e6)).min(2).optional(),
    "how much an example of each class counts, in the labels' order",
    "W,W,W",
  ),
  maxGradNorm: help(
    z.number().gt(0).optional(),
    "shrink gradients whose norm is larger to this norm",
    "NORM",
  ),
  dropout: help(
    z.number().min(0).lt(1).optional(),
    "dropout rate; default: the model's own",
    "RATE",
  ),
  init: help(
    z.enum(["mxnet", "torch", "hf"]).optional(),
    "how a new output layer starts; default: as the weights' framework does",
  ),
  seed: help(
    z.int().min(0).max(0xffffffff).default(0),
    "of the new layer, the order of the examples and dropout",
    "N",
  ),
  device: help(
    z.enum(["auto", "webgpu", "cpu"]).default("auto"),
    "auto takes a hardware GPU if there is one, else the CPU",
  ),
  fallback: help(
    z.enum(["cpu"]).optional(),
    "where to go on from the last checkpoint if the GPU fails",
  ),
  microBatchTokens: help(
    z.int().min(1).optional(),
    "tokens computed at once; default: as many as fit into the CPU's memory, all on a GPU",
    "TOKENS",
  ),
  threads: help(
    z.int().min(1).max(256).optional(),
    "CPU threads; default: the cores",
    "N",
  ),
  blas: help(
    z.string().min(1).optional(),
    "BLAS library for the CPU, or: none; default: the first one found",
    "PATH",
  ),
  logEvery: help(
    z.int().min(1).default(50),
    "steps between two step events",
    "STEPS",
  ),
  plan: help(
    z.boolean().default(false),
    "tell what the run would take, from a few steps, and write nothing",
  ),
  profile: help(
    z.boolean().default(false),
    "time every kernel, and write the run's trace.json",
  ),
  checkpointEvery: help(
    z.int().min(1).optional(),
    "save every so many steps too, not only after each epoch",
    "STEPS",
  ),
  checkpointMinutes: help(
    z.number().gt(0).max(1e6).optional(),
    "save after so many minutes too",
    "MINUTES",
  ),
  keep: help(
    z.int().min(1).max(10_000).default(2),
    "how many of the last checkpoints stay, besides the best epoch's",
    "N",
  ),
  followBook: help(
    z.boolean().default(false),
    "measure the test split after each epoch and keep the last model, as the book",
  ),
  bestBy: help(
    z.enum([
      "accuracy",
      "loss",
      "macroF1",
      "weightedF1",
      "matthews",
      "expectedCalibrationError",
    ]).optional(),
    "what the best epoch is chosen by, on the dev split; default: accuracy",
  ),
  patience: help(
    z.int().min(1).max(10_000).optional(),
    "stop after so many epochs without a gain on the dev split",
    "EPOCHS",
  ),
  minGain: help(
    z.number().min(0).optional(),
    "how much counts as a gain; default: any",
    "GAIN",
  ),
  skipNonFinite: help(
    z.boolean().default(false),
    "leave steps out whose loss or gradient is not finite, instead of stopping",
  ),
  resume: help(
    z.boolean().default(false),
    "go on from the run's last checkpoint",
  ),
  override: help(
    z.boolean().default(false),
    "resume with other settings than the run began with",
  ),
  overwrite: help(
    z.boolean().default(false),
    "replace a run that is there already",
  ),

  // Using a model.
  split: help(
    z.string().min(1).default("test"),
    "split of the data to evaluate on",
    "NAME",
  ),
  minAccuracy: help(
    z.number().min(0).max(1).optional(),
    "fail if the accuracy is lower",
    "SHARE",
  ),
  bootstrap: help(
    z.int().min(0).max(1_000_000).default(1000),
    "resamples that the metrics' intervals are drawn from; 0: no intervals",
    "N",
  ),
  bootstrapSeed: help(
    z.int().min(0).max(0xffffffff).default(0),
    "of the resamples",
    "N",
  ),
  against: help(
    z.string().min(1).optional(),
    "another run to compare with on the same examples, by McNemar's test",
    "RUN",
  ),
  predictions: help(
    z.string().min(1).optional(),
    "write every prediction to this file, a JSON object a line",
    "FILE",
  ),
  showHardest: help(
    z.int().min(1).max(10_000).optional(),
    "tell the hardest and the most confidently wrong examples, so many of each",
    "N",
  ),
  premise: help(z.string().optional(), "premise of a single pair", "TEXT"),
  hypothesis: help(
    z.string().optional(),
    "hypothesis of a single pair",
    "TEXT",
  ),
  evalBatchSize: help(
    z.int().min(1).max(1_000_000).default(512),
    "examples computed at once",
    "N",
  ),

  // Sweeps.
  seeds: help(
    seedList.optional(),
    "train once with each of these seeds; --out becomes a sweep of runs",
    "0-4",
  ),
  sweepOut: help(
    z.string().min(1).default(".premise/sweeps/sweep"),
    "directory to write the runs and their comparison to",
    "DIR",
  ),
  sweepSeeds: help(
    seedList.default([0]),
    "train every combination once with each of these",
    "0-4",
  ),
  trials: help(
    z.int().min(1).max(10_000).optional(),
    "draw so many combinations at random, instead of taking all of them",
    "N",
  ),
  drawSeed: help(
    z.int().min(0).max(0xffffffff).default(0),
    "of the drawn combinations",
    "N",
  ),
  metric: help(
    z.enum(SCALARS).default("accuracy"),
    "what the combinations are ranked by",
  ),
  retrain: help(
    z.boolean().default(false),
    "replace runs that are there already",
  ),

  // Packaging.
  tasks: help(
    z.array(z.string().min(1)).optional(),
    "which tasks; default: all",
    "A,B,C",
  ),
  dist: help(
    z.string().min(1).default("dist"),
    "where the executables go",
    "DIR",
  ),
};
