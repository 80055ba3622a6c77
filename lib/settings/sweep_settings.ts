/**
 * What a sweep's file holds: settings of `finetune`, each fixed, listed or
 * given a range.
 *
 * @module
 */
import { z } from "zod";
import { metaOf, unwrap } from "./fields/field_meta.ts";
import type { Heading } from "./fields/groups.ts";

/** The settings of `finetune`, by name. */
type Shape = Record<string, z.ZodType>;

/** Where a setting is drawn from. */
export interface Range {
  /** The least value. */
  min: number;
  /** The largest value. */
  max: number;
  /** Whether each value or each order of magnitude is as likely. */
  scale: "linear" | "log";
}

/** Where the usage text has them: they are no flags. */
const HEADING: Heading = "Sweep, in the file of --config";

/** Settings of `finetune` that a sweep has no say in, or all say in. */
const OWN = [
  "out",
  "seed",
  "seeds",
  "plan",
  "resume",
  "goOn",
  "override",
  "overwrite",
];

/**
 * Names of settings that a sweep's file has more than once.
 *
 * @param config The file's content, as it may be.
 */
export function settledTwice(config: unknown): string[] {
  const { settings, vary, ranges } = Object(config);
  const names = [settings, vary, ranges]
    .flatMap((group) => Object.keys(Object(group)));
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}

/**
 * The settings that all runs share.
 *
 * @param finetune The settings of `finetune`.
 */
export function fixedSettings(
  finetune: Shape,
): z.ZodType<Record<string, unknown>> {
  return z.strictObject(map(finetune, optional)).default({}).meta({
    description: "settings of finetune that all runs share",
    placeholder: "{...}",
    heading: HEADING,
  });
}

/**
 * The settings that runs differ in, with their values.
 *
 * @param finetune The settings of `finetune`.
 */
export function listedSettings(
  finetune: Shape,
): z.ZodType<Record<string, unknown[]>> {
  const lists = map(
    finetune,
    (field) => z.array(unwrap(field)).min(1).optional().meta(metaOf(field)),
  );
  return z.strictObject(lists).default({}).meta({
    description: "settings of finetune with the values to try",
    placeholder: "{...}",
    heading: HEADING,
  }) as unknown as z.ZodType<
    Record<string, unknown[]>
  >;
}

/**
 * The settings that are drawn, with their ranges.
 *
 * @param finetune The settings of `finetune`; those that are numbers.
 */
export function drawnSettings(
  finetune: Shape,
): z.ZodType<Record<string, Range>> {
  const numbers = Object.entries(finetune).filter(([, field]) =>
    unwrap(field) instanceof z.ZodNumber
  );
  const ranges = map(Object.fromEntries(numbers), (field) =>
    z.strictObject({
      min: unwrap(field) as z.ZodNumber,
      max: unwrap(field) as z.ZodNumber,
      scale: z.enum(["linear", "log"]).default("linear"),
    })
      .refine(({ min, max }) => min < max, "min below max")
      .refine(
        ({ min, scale }) => scale === "linear" || min > 0,
        "min above 0 on a log scale",
      ).optional().meta(metaOf(field)));
  return z.strictObject(ranges).default({}).meta({
    description: "settings of finetune with the ranges to draw them from",
    placeholder: "{...}",
    heading: HEADING,
  }) as unknown as z.ZodType<
    Record<string, Range>
  >;
}

function optional(field: z.ZodType): z.ZodType {
  return unwrap(field).optional().meta(metaOf(field));
}

function map(
  shape: Shape,
  change: (field: z.ZodType) => z.ZodType,
): Shape {
  return Object.fromEntries(
    Object.entries(shape).filter(([name]) => !OWN.includes(name))
      .map(([name, field]) => [name, change(field)]),
  );
}
