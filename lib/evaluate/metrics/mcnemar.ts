/**
 * Whether two models differ by more than luck on the same examples (McNemar,
 * Note on the sampling error of the difference between correlated proportions
 * or percentages, 1947). Only examples that one gets right and the other wrong
 * count: if neither model is better, each of the two is as likely.
 *
 * @module
 */

/** What {@link mcnemar} found. */
export interface McNemarResult {
  /** `exact`: binomial; `chi-square`: with continuity correction. */
  test: "exact" | "chi-square";
  /** Chi-square statistic; null for the exact test. */
  statistic: number | null;
  /** Chance of a difference as large as this, were neither model better. */
  p: number;
}

/** Chi-square is close enough from this many discordant pairs on. */
const MANY = 25;

/**
 * Tests two models on the same examples: by the binomial distribution if fewer
 * than 25 examples tell them apart, else by chi-square with one degree of
 * freedom and Edwards' continuity correction.
 *
 * @param onlyFirst Examples that only the first model got right.
 * @param onlySecond Examples that only the second model got right.
 *
 * @example
 * ```ts
 * import { mcnemar } from "./mcnemar.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mcnemar(5, 0), { test: "exact", statistic: null, p: 1 / 16 });
 * ```
 */
export function mcnemar(
  onlyFirst: number,
  onlySecond: number,
): McNemarResult {
  const discordant = onlyFirst + onlySecond;
  if (discordant < MANY) {
    const fewer = Math.min(onlyFirst, onlySecond);
    const p = Math.min(1, 2 * binomialTail(fewer, discordant));
    return { test: "exact", statistic: null, p };
  }
  const distance = Math.abs(onlyFirst - onlySecond);
  const statistic = (distance - 1) ** 2 / discordant;
  return {
    test: "chi-square",
    statistic,
    p: complementaryError(Math.sqrt(statistic / 2)),
  };
}

/** Chance of at most so many heads in so many throws of a fair coin. */
function binomialTail(most: number, throws: number): number {
  let ways = 1;
  let sum = 0;
  for (let heads = 0; heads <= most; heads++) {
    sum += ways;
    ways = ways * (throws - heads) / (heads + 1);
  }
  return sum / 2 ** throws;
}

/**
 * erfc of x >= 0, to float64's precision: by its series for small x, by its
 * continued fraction for large x (Abramowitz and Stegun, 7.1.6 and 7.1.14).
 */
function complementaryError(x: number): number {
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; term > sum * Number.EPSILON; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 1 - 2 * scale * sum;
  }
  let fraction = x;
  for (let n = 200; n > 0; n--) fraction = x + n / 2 / fraction;
  return scale / fraction;
}
