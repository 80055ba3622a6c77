/**
 * All cases of the benchmark, in the order in which they are run and shown.
 *
 * @module
 */
import type { Case } from "../case.ts";
import { demo } from "./demo.ts";
import { gpuProducts } from "./gpu_products.ts";
import { gpuSteps } from "./gpu_steps.ts";
import { losses } from "./losses.ts";
import { preprocess } from "./preprocess.ts";
import { gpuProfile, profiles } from "./profile.ts";
import { scaling } from "./scaling.ts";
import { tokenize, tokenizeBytes } from "./tokenize.ts";
import { gpuStepCases, stepCases } from "./train.ts";

/** All cases. */
export const cases: readonly Case[] = [
  ...stepCases,
  preprocess,
  tokenize,
  tokenizeBytes,
  demo,
  losses,
  ...profiles,
  scaling,
  gpuProducts,
  gpuSteps,
  ...gpuStepCases,
  gpuProfile,
];
