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
