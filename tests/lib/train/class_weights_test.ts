import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import {
  balancedClassWeights,
  resolveClassWeights,
} from "../../../lib/train/class_weights.ts";

const LABELS = ["entailment", "contradiction", "neutral"];

/** Rows of so many examples of each class, one class after the other. */
function rowsOf(counts: readonly number[]) {
  const labels = Int32Array.from(
    counts.flatMap((count, label) => new Array<number>(count).fill(label)),
  );
  return { rows: labels.length, labels };
}

// What scikit-learn 1.9.1 makes of compute_class_weight("balanced").
for (
  const [counts, weights] of [
    [[10, 20, 70], [
      3.3333333333333335,
      1.6666666666666667,
      0.47619047619047616,
    ]],
    [[1, 1, 1], [1.0, 1.0, 1.0]],
    [[5, 1], [0.6, 3.0]],
    [[183416, 183187, 182764], [
      0.9983989037670287,
      0.9996469909618768,
      1.0019606341146687,
    ]],
    [[3, 7, 11, 900], [
      76.75,
      32.892857142857146,
      20.931818181818183,
      0.25583333333333336,
    ]],
  ] as const
) {
  Deno.test(`balanced weights of ${counts.join(", ")} examples are scikit-learn's`, () => {
    assertEquals(balancedClassWeights(counts), [...weights]);
  });
}

Deno.test("balanced weights are of the rows that are trained on", () => {
  const train = rowsOf([10, 20, 70]);
  const resolve = (limit?: number) =>
    resolveClassWeights("balanced", LABELS, { train, limit });
  assertEquals(resolve(), balancedClassWeights([10, 20, 70]));
  assertEquals(resolve(40), balancedClassWeights([10, 20, 10]));
  assertEquals(resolve(1000), resolve());
});

for (
  const [what, counts, limit, told] of [
    [
      "the training split lacks",
      [10, 0, 0],
      undefined,
      "the training split has no example of contradiction, neutral",
    ],
    [
      "the split lacks beyond the limit",
      [10, 10, 0],
      100,
      "the training split has no example of neutral",
    ],
    [
      "the limit leaves out",
      [10, 10, 10],
      20,
      "the 20 rows that --limit leaves to train on have no example of neutral",
    ],
  ] as const
) {
  Deno.test(`classes that ${what} cannot be balanced, and are named`, () => {
    const error = assertThrows(
      () =>
        resolveClassWeights("balanced", LABELS, {
          train: rowsOf(counts),
          limit,
        }),
      UserError,
    );
    assertEquals(error.message, `Cannot balance the classes: ${told}`);
  });
}

Deno.test("weights that are given are taken as they are", () => {
  const train = rowsOf([1, 0, 0]);
  const resolve = (weights?: number[]) =>
    resolveClassWeights(weights, LABELS, { train, limit: undefined });
  assertEquals(resolve([1, 2, 3]), [1, 2, 3]);
  assertEquals(resolve(), undefined);
});
