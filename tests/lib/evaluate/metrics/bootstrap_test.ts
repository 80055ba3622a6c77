import { assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { bootstrapIntervals } from "../../../../lib/evaluate/metrics/bootstrap.ts";
import { scoreLogits } from "../../../../lib/evaluate/metrics/scores.ts";
import { SCALARS } from "../../../../lib/events/scalar_metrics.ts";
import { golden, scoresOf } from "../../../support/metrics/golden.ts";

const { resamples, seed, cases } = golden;

for (const expected of cases) {
  Deno.test(`the intervals are numpy's percentiles of scikit-learn's metrics when ${expected.name}`, () => {
    const { intervals } = bootstrapIntervals(scoresOf(expected), {
      resamples,
      seed,
    });
    for (const name of SCALARS) {
      intervals[name].forEach((end, i) =>
        assertAlmostEquals(end, expected.intervals[name][i], 1e-12, name)
      );
    }
  });
}

Deno.test("a seed gives the same intervals again, another seed others", () => {
  const scores = scoresOf(cases[0]);
  const draw = (seed: number) =>
    bootstrapIntervals(scores, { resamples: 50, seed }).intervals;
  assertEquals(draw(1), draw(1));
  assertNotEquals(draw(1), draw(2));
});

Deno.test("an interval of the accuracy is as wide as the binomial's", () => {
  const rows = 2000;
  const scores = scoreLogits(
    Float32Array.from({ length: 2 * rows }, (_, i) => i % 2),
    {
      // Class 1 is always predicted; 70 % are of it.
      truth: Int32Array.from({ length: rows }, (_, i) => i % 10 < 7 ? 1 : 0),
      labels: ["a", "b"],
    },
  );
  const { level, intervals } = bootstrapIntervals(scores, {
    resamples: 1000,
    seed: 0,
  });
  const reach = 1.96 * Math.sqrt(0.7 * 0.3 / rows);
  assertEquals(level, 0.95);
  assertAlmostEquals(intervals.accuracy[0], 0.7 - reach, 0.1 * reach);
  assertAlmostEquals(intervals.accuracy[1], 0.7 + reach, 0.1 * reach);
});
