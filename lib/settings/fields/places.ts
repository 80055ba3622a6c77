/**
 * Settings of where things are, and what a model directory cannot tell.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { DEFAULT_CACHE } from "../../base/cache_places.ts";
import { NAMED, RUNS, USUAL } from "../named_places.ts";
import { inGroup } from "./groups.ts";
import { help, pathHelp } from "./help.ts";
import { labelNames, labelNamesOrAuto } from "./label_names.ts";
import { onResume } from "./on_resume.ts";

const data = inGroup("Model and data", {
  pretrained: pathHelp(
    z.string().min(1).default("bert.small"),
    "pretrained model: a directory, a zip, a catalogue name or hf:OWNER/NAME",
    "DIR",
    "name",
  ).meta(onResume("fixed")),
  run: pathHelp(
    z.string().min(1).default(join(RUNS, USUAL)),
    "fine-tuned model: a run directory",
    "RUN",
    "name",
  ),
  trained: pathHelp(
    z.string().min(1).default(join(RUNS, USUAL)),
    "fine-tuned model: a run, a directory, a zip, a catalogue name or hf:OWNER/NAME",
    "RUN",
    "name",
  ),
  modelName: help(
    z.string().min(1).optional(),
    "model to fetch: a catalogue name, or hf:OWNER/NAME[@REVISION] of the Hugging Face hub",
    "NAME",
  ),
  datasetName: help(
    z.string().min(1).optional(),
    "data set to fetch: a catalogue name, or hf:OWNER/NAME[@REVISION][/CONFIG]",
    "NAME",
  ),
  sources: pathHelp(
    z.array(z.string().min(1)).min(1).default(["snli"]),
    "text: a directory, a zip, a catalogue name, hf:OWNER/NAME, a file, or SPLIT=FILE; - is standard input",
    "PATH",
    "source",
  ),
  tableOrSources: pathHelp(
    z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .default(NAMED.table),
    "encoded data, or text, which is encoded first, as preprocess --data has it",
    "PATH",
    "source",
  ).meta(onResume("refused")),
  evalData: pathHelp(
    z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
    "encoded data, or text, of which a lone file is the split; default: the run's own",
    "PATH",
    "source",
  ),
  cache: pathHelp(
    z.string().min(1).default(DEFAULT_CACHE),
    "where downloads are kept",
    "DIR",
  ).meta(onResume("free")),
  hub: pathHelp(
    z.string().min(1).optional(),
    "fetch every entry from this URL or folder instead of its own address; hf: names from this hub",
    "URL",
    "address",
  ),
  catalogue: pathHelp(
    z.string().min(1).optional(),
    "a catalogue file whose entries are added to the built-in ones",
    "FILE",
  ).meta(onResume("free")),
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
  weights: pathHelp(
    z.string().min(1).optional(),
    "weights file to take instead of the directory's own, or: random",
    "FILE",
    "weights",
  ).meta(onResume("fixed")),
  heads: help(
    z.int().min(1).max(1024).optional(),
    "attention heads, where neither files nor catalogue tell",
    "N",
  ).meta(onResume("fixed")),
  labels: help(
    labelNames.optional(),
    "label names in the order of the model's outputs",
    "A,B,C",
  ).meta(onResume("fixed")),
  labelsOrAuto: help(
    labelNamesOrAuto.optional(),
    "label names in the order of the model's outputs; auto: the data's, sorted",
    "A,B,C",
  ).meta(onResume("fixed")),
  newHead: help(
    z.boolean().default(false),
    "put a fresh output layer on a model that has one of other classes",
  ).meta(onResume("fixed")),
});

const output = inGroup("Output", {
  tableOut: pathHelp(
    z.string().min(1).default(NAMED.tableOut),
    "directory to write the encoded data to",
    "DIR",
  ),
  exportOut: pathHelp(
    z.string().min(1).default(NAMED.exportOut),
    "directory to write the export to",
    "DIR",
  ),
  runOut: pathHelp(
    z.string().min(1).default(NAMED.runOut),
    "directory to write the run to",
    "RUN",
  ).meta(onResume("free")),
});

/** Their schemas, by the names of the flags in camelCase. */
export const placeFields = { ...data, ...output };
