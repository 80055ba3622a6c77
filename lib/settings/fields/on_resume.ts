/**
 * What becomes of a setting whose value changes when a run goes on.
 *
 * @module
 */
import type { z } from "zod";
import { metaOf } from "./field_meta.ts";

/**
 * What a run that goes on makes of another value than it began with:
 *
 * - `free`: it takes it, for it changes nothing of what is learned;
 * - `extends`: it takes it, and is a run of another length from then on;
 * - `warned`: it takes it and says so, for bits may change, or which steps are
 *   told;
 * - `refused`: it does not, unless `--override` is given;
 * - `fixed`: it never does, for a checkpoint's arrays, or its place in the
 *   epoch, depend on the value.
 */
export type OnResume = "free" | "extends" | "warned" | "refused" | "fixed";

/** The settings that a run began with, by name. */
export type BegunWith = Readonly<Record<string, unknown>>;

/** The same for all runs, or as the run began. */
type Rule = OnResume | ((begunWith: BegunWith) => OnResume);

/** Says of a setting what becomes of it, for `.meta()` of its schema. */
export function onResume(rule: Rule): { onResume: Rule } {
  return { onResume: rule };
}

/**
 * What becomes of a setting.
 *
 * @param schema The setting's.
 * @param begunWith The settings that the run began with.
 * @return Undefined if its schema does not say.
 */
export function onResumeOf(
  schema: z.ZodType,
  begunWith: BegunWith,
): OnResume | undefined {
  const rule = metaOf(schema).onResume as Rule | undefined;
  return typeof rule === "function" ? rule(begunWith) : rule;
}
