/**
 * Settings of many runs, and standalone executables.
 *
 * @module
 */
import { z } from "zod";
import { SCALARS } from "../../events/scalar_metrics.ts";
import { inGroup } from "./groups.ts";
import { help, pathHelp } from "./help.ts";
import { onResume } from "./on_resume.ts";
import { seedList } from "./seed_list.ts";

const training = inGroup("Training", {
  seeds: help(
    seedList.optional(),
    "train once with each of these seeds; --out becomes a sweep of runs",
    "0-4",
  ).meta(onResume("refused")),
});

const sweep = inGroup("Sweep", {
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
    "seed of the drawn combinations",
    "N",
  ),
  metric: help(
    z.enum(SCALARS).default("accuracy"),
    "what the combinations are ranked by",
  ),
});

const saving = inGroup("Saving", {
  retrain: help(
    z.boolean().default(false),
    "replace runs that are there already",
  ),
});

const output = inGroup("Output", {
  sweepOut: pathHelp(
    z.string().min(1).default(".premise/sweeps/sweep"),
    "directory to write the runs and their comparison to",
    "DIR",
  ),
  tasks: help(
    z.array(z.string().min(1)).optional(),
    "which tasks; default: all",
    "A,B,C",
  ),
  dist: pathHelp(
    z.string().min(1).default("dist"),
    "where the executables go",
    "DIR",
  ),
});

/** Their schemas, by the names of the flags in camelCase. */
export const sweepFields = { ...training, ...sweep, ...saving, ...output };
