/**
 * Settings of how a fine-tuned model is measured and used.
 *
 * @module
 */
import { z } from "zod";
import { inGroup } from "./groups.ts";
import { help, pathHelp } from "./help.ts";

const data = inGroup("Model and data", {
  questions: pathHelp(
    z.string().min(1).optional(),
    "file to classify: CSV, TSV, JSON, Parquet; - or nothing is standard input",
    "FILE",
  ),
  split: help(
    z.string().min(1).default("test"),
    "split of the data to evaluate on",
    "NAME",
  ),
});

const text = inGroup("Text", {
  premise: help(z.string().optional(), "premise of a single pair", "TEXT"),
  hypothesis: help(
    z.string().optional(),
    "hypothesis of a single pair",
    "TEXT",
  ),
});

const evaluation = inGroup("Evaluation", {
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
    "seed of the resamples",
    "N",
  ),
  against: pathHelp(
    z.string().min(1).optional(),
    "another run to compare with on the same examples, by McNemar's test",
    "RUN",
    "name",
  ),
  showHardest: help(
    z.int().min(1).max(10_000).optional(),
    "tell the hardest and the most confidently wrong examples, so many of each",
    "N",
  ),
});

const machine = inGroup("Machine", {
  evalBatchSize: help(
    z.int().min(1).max(1_000_000).default(512),
    "examples computed at once",
    "N",
  ),
});

const output = inGroup("Output", {
  exportFormat: help(
    z.enum(["hf", "d2l-torch", "d2l-mxnet", "onnx"]),
    "what is to open it: transformers, the book's classes, or ONNX Runtime and transformers.js",
  ),
  license: help(
    z.string().regex(/^[\w.+-]+$/, "a name as apache-2.0").optional(),
    "licence to state in the model card, as the hub calls it; default: none is stated",
    "NAME",
  ),
  language: help(
    z.string().regex(/^[\w-]+$/, "a code as en").optional(),
    "language of the text to state in the model card; default: none is stated",
    "CODE",
  ),
  metricsOut: pathHelp(
    z.string().min(1).optional(),
    "write the metrics to this file, as JSON",
    "FILE",
  ),
  predictions: pathHelp(
    z.string().min(1).optional(),
    "write every prediction to this file, a JSON object a line",
    "FILE",
  ),
});

const saving = inGroup("Saving", {
  replaceExport: help(
    z.boolean().default(false),
    "replace an export that is there already",
  ),
  accept: help(
    z.boolean().default(false),
    "take the run's files as they are, if they were changed on purpose",
  ),
});

/** Their schemas, by the names of the flags in camelCase. */
export const useFields = {
  ...data,
  ...text,
  ...evaluation,
  ...machine,
  ...output,
  ...saving,
};
