/**
 * The flags that every task has beside its settings.
 *
 * @module
 */
import { z } from "zod";
import { inGroup } from "./groups.ts";
import { help } from "./help.ts";

const output = inGroup("Output", {
  log: help(
    z.string().min(1).optional(),
    "append the events to this file too",
    "FILE",
  ),
  json: help(z.boolean().default(false), "JSON lines even on a terminal"),
});

const common = inGroup("Common", {
  config: help(
    z.string().min(1).optional(),
    "settings as JSON, by the flags' names in camelCase; paths from its folder",
    "FILE",
  ),
  cwd: help(
    z.array(z.string().min(1)).optional(),
    "the directory that relative paths start from",
    "DIR",
  ),
  help: help(z.boolean().default(false), "this text"),
  version: help(
    z.boolean().default(false),
    "the versions of this program and of what it runs on",
  ),
});

/** Their schemas, by the names of the flags. */
export const commonFields = { ...output, ...common };
