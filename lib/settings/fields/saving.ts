/**
 * Settings of which states of a run are kept, chosen and gone on from.
 *
 * @module
 */
import { z } from "zod";
import { SCALARS } from "../../events/scalar_metrics.ts";
import { inGroup } from "./groups.ts";
import { help } from "./help.ts";
import { onResume } from "./on_resume.ts";

const saving = inGroup("Saving", {
  checkpointEvery: help(
    z.int().min(1).optional(),
    "save every so many steps too, not only after each epoch",
    "STEPS",
  ).meta(onResume("free")),
  checkpointMinutes: help(
    z.number().gt(0).max(1e6).optional(),
    "save after so many minutes too",
    "MINUTES",
  ).meta(onResume("free")),
  keep: help(
    z.int().min(1).max(10_000).default(2),
    "how many of the last checkpoints stay, besides the best epoch's",
    "N",
  ).meta(onResume("free")),
  resume: help(
    z.boolean().default(false),
    "go on from the run's last checkpoint",
  ).meta(onResume("free")),
  goOn: help(
    z.boolean().default(false),
    "as --resume, but begin the run where there is none yet",
  ).meta(onResume("free")),
  override: help(
    z.boolean().default(false),
    "resume with other settings than the run began with",
  ).meta(onResume("free")),
  overwrite: help(
    z.boolean().default(false),
    "replace a run that is there already",
  ).meta(onResume("free")),
});

const evaluation = inGroup("Evaluation", {
  followBook: help(
    z.boolean().default(false),
    "measure the test split after each epoch and keep the last model, as the book",
  ).meta(onResume("refused")),
  bestBy: help(
    z.enum(SCALARS).optional(),
    "what the best epoch is chosen by, on the dev split; default: accuracy",
  ).meta(onResume("refused")),
  patience: help(
    z.int().min(1).max(10_000).optional(),
    "stop after so many epochs without a gain on the dev split",
    "EPOCHS",
  ).meta(onResume("refused")),
  minGain: help(
    z.number().min(0).optional(),
    "how much counts as a gain; default: any",
    "GAIN",
  ).meta(onResume("refused")),
});

const training = inGroup("Training", {
  skipNonFinite: help(
    z.boolean().default(false),
    "leave steps out whose loss or gradient is not finite, instead of stopping",
  ).meta(onResume("free")),
});

/** Their schemas, by the names of the flags in camelCase. */
export const savingFields = { ...saving, ...evaluation, ...training };
