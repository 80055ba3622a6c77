import { z } from "zod";

/** What is expected, in words. */
const FORM = "whole numbers, as 0-4 or 0,3,7-9";

/** More would take years. */
const MOST_SEEDS = 1000;

/** Seeds as a list, or as text: `0-4`, or `0,3,7-9`. */
export const seedList: z.ZodType<number[]> = z.union([
  z.array(z.int().min(0).max(0xffffffff)).min(1),
  z.string().regex(/^\d{1,9}(-\d{1,9})?(,\d{1,9}(-\d{1,9})?)*$/, FORM),
], { error: FORM })
  .transform((given) => typeof given === "string" ? expand(given) : given)
  .refine(
    ({ length }) => length > 0 && length <= MOST_SEEDS,
    `1 to ${MOST_SEEDS} seeds, as 0-4`,
  );

/** The numbers of a text as `0,3,7-9`; no more of each part than can be too many. */
function expand(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [first, last = first] = part.split("-").map(Number);
    const length = Math.max(0, Math.min(last - first, MOST_SEEDS) + 1);
    return Array.from({ length }, (_, i) => first + i);
  });
}
