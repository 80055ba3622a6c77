import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  classificationMetrics,
  confusionMatrix,
} from "../../../lib/train/metrics.ts";

interface GoldenCase {
  name: string;
  classes: number;
  truth: number[];
  predicted: number[];
  accuracy: number;
  macroF1: number;
  confusion: number[][];
  perClass: {
    precision: number;
    recall: number;
    f1: number;
    support: number;
  }[];
}

const golden: GoldenCase[] = JSON.parse(
  await Deno.readTextFile(
    new URL("../../../fixtures/golden/metrics.json", import.meta.url),
  ),
);

for (const expected of golden) {
  Deno.test(`the metrics are scikit-learn's when ${expected.name}`, () => {
    const labels = expected.perClass.map((_, i) => `class ${i}`);
    const metrics = classificationMetrics({
      labels,
      truth: Int32Array.from(expected.truth),
      predicted: Int32Array.from(expected.predicted),
      lossSum: 0,
    });
    assertEquals(metrics.confusion, expected.confusion);
    assertAlmostEquals(metrics.accuracy, expected.accuracy, 1e-12);
    assertAlmostEquals(metrics.macroF1, expected.macroF1, 1e-12);
    expected.perClass.forEach((numbers, i) => {
      const found = metrics.perClass[labels[i]];
      assertEquals(found.support, numbers.support);
      assertAlmostEquals(found.precision, numbers.precision, 1e-12);
      assertAlmostEquals(found.recall, numbers.recall, 1e-12);
      assertAlmostEquals(found.f1, numbers.f1, 1e-12);
    });
  });
}

Deno.test("the loss is the mean over the examples", () => {
  const { loss, examples } = classificationMetrics({
    labels: ["a", "b"],
    truth: Int32Array.of(0, 1, 1),
    predicted: Int32Array.of(0, 0, 1),
    lossSum: 1.5,
  });
  assertEquals({ loss, examples }, { loss: 0.5, examples: 3 });
});

Deno.test("rows of the confusion matrix are true classes", () => {
  const counts = confusionMatrix(
    Int32Array.of(0, 0, 0, 1),
    Int32Array.of(1, 1, 0, 1),
    { classes: 2 },
  );
  assertEquals(counts, [[1, 2], [0, 1]]);
});

Deno.test("a class that is not among the labels is refused", () => {
  assertThrows(
    () =>
      confusionMatrix(Int32Array.of(0, -1), Int32Array.of(0, 1), {
        classes: 2,
      }),
    RangeError,
    "example 1 has class -1 and prediction 1, expected 0 to 1",
  );
});

Deno.test("predictions for another number of examples are refused", () => {
  assertThrows(
    () =>
      confusionMatrix(Int32Array.of(0, 1), Int32Array.of(0), { classes: 2 }),
    RangeError,
    "1 predictions for 2 examples",
  );
});

Deno.test("no examples at all are refused", () => {
  assertThrows(
    () =>
      classificationMetrics({
        labels: ["a", "b"],
        truth: new Int32Array(),
        predicted: new Int32Array(),
        lossSum: 0,
      }),
    RangeError,
    "no examples",
  );
});
