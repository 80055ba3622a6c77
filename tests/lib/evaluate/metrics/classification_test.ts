import { assertAlmostEquals, assertEquals } from "@std/assert";
import { classificationMetrics } from "../../../../lib/evaluate/metrics/classification.ts";
import { SCALARS } from "../../../../lib/events/scalar_metrics.ts";
import { golden, labelsOf, scoresOf } from "../../../support/metrics/golden.ts";

for (const expected of golden.cases) {
  Deno.test(`the metrics are scikit-learn's when ${expected.name}`, () => {
    const metrics = classificationMetrics(scoresOf(expected));
    const labels = labelsOf(expected);
    assertEquals(metrics.examples, expected.truth.length);
    assertEquals(metrics.labels, labels);
    assertEquals(metrics.confusion, expected.confusion);
    for (const name of SCALARS) {
      assertAlmostEquals(metrics[name], expected.metrics[name], 1e-12, name);
    }
    expected.perClass.forEach((numbers, i) => {
      const found = metrics.perClass[labels[i]];
      assertEquals(found.support, numbers.support);
      assertAlmostEquals(found.precision, numbers.precision, 1e-12);
      assertAlmostEquals(found.recall, numbers.recall, 1e-12);
      assertAlmostEquals(found.f1, numbers.f1, 1e-12);
    });
  });
}
