/**
 * Settings of what computes, and what is told of it.
 *
 * @module
 */
import { z } from "zod";
import { inGroup } from "./groups.ts";
import { help } from "./help.ts";
import { onResume } from "./on_resume.ts";

const machine = inGroup("Machine", {
  device: help(
    z.enum(["auto", "webgpu", "cpu"]).default("auto"),
    "auto takes a hardware GPU if there is one, else the CPU",
  ).meta(onResume("warned")),
  fallback: help(
    z.enum(["cpu"]).optional(),
    "where to go on from the last checkpoint if the GPU fails",
  ).meta(onResume("free")),
  microBatchTokens: help(
    z.int().min(1).optional(),
    "tokens computed at once; default: as many as fit into the CPU's memory, all on a GPU",
    "TOKENS",
  ).meta(onResume("refused")),
  threads: help(
    z.int().min(1).max(256).optional(),
    "CPU threads; default: the cores",
    "N",
  ).meta(onResume("warned")),
  blas: help(
    z.string().min(1).optional(),
    "BLAS library for the CPU, or: none; default: the first one found",
    "PATH",
  ).meta(onResume("warned")),
});

const output = inGroup("Output", {
  logEvery: help(
    z.int().min(1).default(50),
    "steps between two step events",
    "STEPS",
  ).meta(onResume("warned")),
  plan: help(
    z.boolean().default(false),
    "tell what the run would take, from a few steps, and write nothing",
  ).meta(onResume("free")),
  profile: help(
    z.boolean().default(false),
    "time every kernel, and write the run's trace.json",
  ).meta(onResume("free")),
});

/** Their schemas, by the names of the flags in camelCase. */
export const machineFields = { ...machine, ...output };
