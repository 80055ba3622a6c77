/**
 * How a setting says what it is.
 *
 * @module
 */
import type { z } from "zod";

/** Adds the help text, and what stands for the value in the usage text. */
export function help<T extends z.ZodType>(
  schema: T,
  description: string,
  placeholder = "",
): T {
  return schema.meta({ description, placeholder });
}

/**
 * What a setting that holds a path may hold instead: nothing else; the `name`
 * of something that was downloaded; for a `source` of data also `SPLIT=PATH`
 * and `-`; for `weights` the word random; a URL for an `address`.
 */
export type PathKind = "path" | "name" | "source" | "weights" | "address";

/** As {@link help}, of a setting whose value is a path, or may be one. */
export function pathHelp<T extends z.ZodType>(
  schema: T,
  description: string,
  placeholder: string,
  path: PathKind = "path",
): T {
  return schema.meta({ description, placeholder, path });
}
