/**
 * Lists and records of files from elsewhere, whose length is checked before
 * what they hold: zod takes kilobytes to say what is wrong with each item.
 *
 * @module
 */
import { z } from "zod";

/**
 * A list of at most so many items.
 *
 * @param item What each item must be.
 * @param most How many there may be.
 * @param options How many there must be.
 *
 * @example
 * ```ts
 * import { boundedList } from "./bounded.ts";
 * import { z } from "zod";
 * import { assertEquals } from "@std/assert";
 *
 * const names = boundedList(z.string(), 3);
 * assertEquals(names.safeParse([0, 0, 0, 0]).error?.issues.length, 1);
 * ```
 */
export function boundedList<T>(
  item: z.ZodType<T>,
  most: number,
  { least = 0 }: { least?: number } = {},
): z.ZodType<T[]> {
  return z.array(z.unknown()).min(least).max(most).pipe(z.array(item));
}

/**
 * A record of at most so many entries.
 *
 * @param value What each value must be.
 * @param most How many there may be.
 */
export function boundedRecord<T>(
  value: z.ZodType<T>,
  most: number,
): z.ZodType<Record<string, T>> {
  return z.record(z.string(), z.unknown())
    .refine(
      (record) => Object.keys(record).length <= most,
      `expected at most ${most} entries`,
    )
    .pipe(z.record(z.string(), value));
}
