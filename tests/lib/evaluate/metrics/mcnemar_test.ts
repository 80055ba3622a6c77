import { assertAlmostEquals, assertEquals } from "@std/assert";
import { mcnemar } from "../../../../lib/evaluate/metrics/mcnemar.ts";
import { golden } from "../../../support/metrics/golden.ts";

for (const expected of golden.mcnemar) {
  const { onlyFirst, onlySecond } = expected;
  Deno.test(`McNemar's test of ${onlyFirst} against ${onlySecond} is statsmodels'`, () => {
    const { test, statistic, p } = mcnemar(onlyFirst, onlySecond);
    assertEquals(test, expected.test);
    if (expected.statistic === null) assertEquals(statistic, null);
    else assertAlmostEquals(statistic!, expected.statistic, 1e-12);
    assertAlmostEquals(p / expected.p, 1, 1e-11);
  });
}

Deno.test("McNemar's test does not mind which model comes first", () => {
  assertEquals(mcnemar(40, 25), mcnemar(25, 40));
});
