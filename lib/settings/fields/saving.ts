/**
 * Settings of which states of a run are kept, chosen and gone on from.
 *
 * @module
 */
import { z } from "zod";
import { SCALARS } from "../../events/scalar_metrics.ts";
import { inGroup } from "./groups.ts";
import { help } from "./help.ts";

const saving = inGroup("Saving", {
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
});

const evaluation = inGroup("Evaluation", {
  followBook: help(
    z.boolean().default(false),
    "measure the test split after each epoch and keep the last model, as the book",
  ),
  bestBy: help(
    z.enum(SCALARS).optional(),
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
});

const training = inGroup("Training", {
  skipNonFinite: help(
    z.boolean().default(false),
    "leave steps out whose loss or gradient is not finite, instead of stopping",
  ),
});

/** Their schemas, by the names of the flags in camelCase. */
export const savingFields = { ...saving, ...evaluation, ...training };
