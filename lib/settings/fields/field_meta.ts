/**
 * What lies under the defaults of a zod schema.
 *
 * @module
 */
import { z } from "zod";

/** The schema of a field's value, were it given. */
export function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}

/** Help text and placeholder of a field. */
export function metaOf(schema: z.ZodType): Record<string, unknown> {
  const meta = schema.meta();
  if (meta?.description !== undefined) return meta;
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
    ? metaOf(schema.unwrap() as z.ZodType)
    : {};
}
