/**
 * Settings of text to tokens.
 *
 * @module
 */
import { z } from "zod";
import { inGroup } from "./groups.ts";
import { help, pathHelp } from "./help.ts";
import { labelNames } from "./label_names.ts";
import { onResume } from "./on_resume.ts";

/** Of settings that make other examples of the same text. */
const refused = onResume("refused");

const text = inGroup("Text", {
  maxLen: help(
    z.int().min(3).max(65536).optional(),
    "longest encoded text; default: a run's own, else 128 or the model's positions",
    "TOKENS",
  ).meta(refused),
  truncation: help(
    z.enum(["longest-first", "longest-first-hf", "ratio"]).optional(),
    "how pairs that are too long are cut; default: a run's own, else as the model's makers do",
  ).meta(refused),
  hypothesisOnly: help(
    z.boolean().default(false),
    "leave the premises empty, to see what the hypotheses alone give away",
  ).meta(refused),
});

const rows = inGroup("Rows and splits", {
  limit: help(
    z.int().min(1).optional(),
    "take only the first rows of each split",
    "ROWS",
  ).meta(onResume("fixed")),
  testFraction: help(
    z.number().gt(0).lt(1).optional(),
    "share of the training premises that becomes the test split",
    "F",
  ).meta(refused),
  dev: pathHelp(
    z.string().min(1).optional(),
    "file of the dev split, as --data dev=PATH",
    "PATH",
  ),
  devFraction: help(
    z.number().gt(0).lt(1).optional(),
    "share of the training premises that becomes the dev split",
    "F",
  ).meta(refused),
  premiseField: help(
    z.string().min(1).optional(),
    "column or field of the first sentence; default: found by its usual names",
    "NAME",
  ).meta(refused),
  hypothesisField: help(
    z.string().min(1).optional(),
    "column or field of the second sentence",
    "NAME",
  ).meta(refused),
  labelField: help(
    z.string().min(1).optional(),
    "column or field of the label",
    "NAME",
  ).meta(refused),
  single: help(
    z.boolean().default(false),
    "the sentences are single ones: other columns of text are passed over",
  ).meta(refused),
  dataLabels: help(
    labelNames.optional(),
    "label names in the order of the data's numbers, or the data's numbers " +
      "in the order of the labels, as -1,0,1; default: the model's names",
    "A,B,C",
  ).meta(refused),
  delimiter: help(
    z.string().regex(
      /^([\t -!#-~]|\\t)$/,
      "one ASCII character, or \\t for a tab",
    ).optional(),
    "what separates a table's cells; default: found in the header",
    "CHAR",
  ).meta(refused),
  quoting: help(
    z.enum(["auto", "csv", "none"]).default("auto"),
    "whether a table's cells may be quoted; auto: in .tsv only if all quotes fit",
  ).meta(refused),
  onBadRow: help(
    z.enum(["stop", "skip"]).default("stop"),
    "skip leaves rows out that cannot be read, and tells which",
  ).meta(refused),
  expectRows: help(
    z.record(z.string(), z.int().min(0)).optional(),
    "fail unless the splits have these many rows",
    "train=N,test=N",
  ),
});

const output = inGroup("Output", {
  replaceTable: help(
    z.boolean().default(false),
    "replace encoded data of other sources that are there already",
  ),
});

const machine = inGroup("Machine", {
  workers: help(
    z.int().min(1).max(256).optional(),
    "encoding workers; default: the cores, at most 4",
    "N",
  ).meta(onResume("free")),
});

/** Their schemas, by the names of the flags in camelCase. */
export const textFields = { ...text, ...rows, ...output, ...machine };
