/**
 * Settings of how a model is trained.
 *
 * @module
 */
import { z } from "zod";
import { inGroup } from "./groups.ts";
import { help } from "./help.ts";
import { onResume } from "./on_resume.ts";

/** The weight decay of AdamW, if none is given: PyTorch's. */
export const ADAMW_WEIGHT_DECAY = 0.01;

/** The momentum of gradient descent, if none is given: the usual one. */
export const SGD_MOMENTUM = 0.9;

/** What class weights are, in words. */
const CLASS_WEIGHTS =
  "balanced, or two numbers or more with commas between, each more than 0 " +
  "and at most 1000000";

/** Their schemas, by the names of the flags in camelCase. */
export const recipeFields = inGroup("Training", {
  epochs: help(
    z.int().min(1).max(10000).default(5),
    "passes over the training split",
    "N",
  ).meta(onResume(({ schedule = "constant", warmupRatio }) =>
    // Else the rate of each step goes by the run's length.
    schedule === "constant" && warmupRatio === undefined ? "extends" : "refused"
  )),
  batchSize: help(
    z.int().min(1).max(1_000_000).default(512),
    "examples a step; --micro-batch-tokens says how many are computed at once",
    "N",
  ).meta(onResume("fixed")),
  lr: help(z.number().gt(0).max(10).default(1e-4), "learning rate", "RATE")
    .meta(onResume("refused")),
  schedule: help(
    z.enum(["constant", "linear", "cosine"]).default("constant"),
    "how the learning rate goes on after the warm-up: it stays, or falls to 0",
  ).meta(onResume("refused")),
  warmupSteps: help(
    z.int().min(0).optional(),
    "steps in which the learning rate rises from 0; default: none",
    "STEPS",
  ).meta(onResume("refused")),
  warmupRatio: help(
    z.number().min(0).max(1).optional(),
    "the same as a share of all steps",
    "F",
  ).meta(onResume("refused")),
  optimizer: help(
    z.enum(["adam", "adam-mxnet", "adamw", "sgd"]).default("adam"),
    "Adam as PyTorch or as MXNet computes it, AdamW, or SGD with momentum",
  ).meta(onResume("fixed")),
  weightDecay: help(
    z.number().min(0).max(10).optional(),
    "pull of weights towards 0, but for biases and norms; " +
      `default: ${ADAMW_WEIGHT_DECAY} with adamw, else 0`,
    "F",
  ).meta(onResume("refused")),
  momentum: help(
    z.number().min(0).lt(1).optional(),
    `share of sgd's last step that goes on; default: ${SGD_MOMENTUM}`,
    "F",
  ).meta(onResume("refused")),
  layerDecay: help(
    z.number().gt(0).max(1).default(1),
    "what the learning rate is multiplied by for each layer further down",
    "F",
  ).meta(onResume("refused")),
  freeze: help(
    z.array(z.string().min(1)).min(1).optional(),
    "sections that stay as they are, as embeddings,blocks.0-3",
    "SECTION,SECTION",
  ).meta(onResume("fixed")),
  labelSmoothing: help(
    z.number().min(0).lt(1).optional(),
    "share of each target that all classes get alike",
    "F",
  ).meta(onResume("refused")),
  classWeights: help(
    z.union([
      z.literal("balanced"),
      z.array(z.number().gt(0).max(1e6)).min(2),
    ], { error: CLASS_WEIGHTS }).optional(),
    "how much an example of each class counts, in the labels' order; or " +
      "balanced: as much as makes all classes count alike",
    "W,W,W",
  ).meta(onResume("refused")),
  maxGradNorm: help(
    z.number().gt(0).optional(),
    "shrink gradients whose norm is larger to this norm",
    "NORM",
  ).meta(onResume("refused")),
  dropout: help(
    z.number().min(0).lt(1).optional(),
    "dropout rate; default: the model's own",
    "RATE",
  ).meta(onResume("refused")),
  init: help(
    z.enum(["mxnet", "torch", "hf"]).optional(),
    "how a new output layer starts; default: as the weights' framework does",
  ).meta(onResume("refused")),
  seed: help(
    z.int().min(0).max(0xffffffff).default(0),
    "seed of the new layer, the order of the examples and dropout",
    "N",
  ).meta(onResume("refused")),
});
