/**
 * The headings that settings stand under in the usage text.
 *
 * @module
 */
import type { z } from "zod";

/** The headings, in the order of the usage text. */
export const HEADINGS = [
  "Model and data",
  "Rows and splits",
  "Text",
  "Training",
  "Evaluation",
  "Sweep, in the file of --config",
  "Sweep",
  "Saving",
  "Machine",
  "Output",
  "Common",
] as const;

/** What settings stand under. */
export type Heading = (typeof HEADINGS)[number];

/** Puts settings under a heading; each stands under one. */
export function inGroup<T extends Record<string, z.ZodType>>(
  heading: Heading,
  fields: T,
): T {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.meta({ ...field.meta(), heading }),
    ]),
  ) as T;
}
