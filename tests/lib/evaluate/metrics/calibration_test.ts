import { assertAlmostEquals, assertEquals } from "@std/assert";
import { reliabilityTable } from "../../../../lib/evaluate/metrics/calibration.ts";
import { scoreLogits } from "../../../../lib/evaluate/metrics/scores.ts";
import { golden, scoresOf } from "../../../support/metrics/golden.ts";

for (const expected of golden.cases) {
  Deno.test(`the reliability is scikit-learn's when ${expected.name}`, () => {
    const table = reliabilityTable(scoresOf(expected));
    assertEquals(
      table.map(({ examples }) => examples),
      expected.reliability.map(({ examples }) => examples),
    );
    expected.reliability.forEach(({ confidence, accuracy }, i) => {
      assertAlmostEquals(table[i].confidence, confidence, 1e-12);
      assertAlmostEquals(table[i].accuracy, accuracy, 1e-12);
    });
  });
}

Deno.test("a confidence on the edge of two bins is in the lower one", () => {
  const [{ above, upTo }] = reliabilityTable(
    scoreLogits(Float32Array.of(1, 1), {
      truth: Int32Array.of(0),
      labels: ["a", "b"],
    }),
  );
  assertEquals([above, upTo], [0.4, 0.5]);
});

Deno.test("the bins have all examples", () => {
  const table = reliabilityTable(scoresOf(golden.cases[0]));
  const sum = table.reduce((total, { examples }) => total + examples, 0);
  assertEquals(sum, golden.cases[0].truth.length);
});
