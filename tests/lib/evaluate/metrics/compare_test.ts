import { assertEquals, assertThrows } from "@std/assert";
import { compareScores } from "../../../../lib/evaluate/metrics/compare.ts";
import {
  scoreLogits,
  type Scores,
} from "../../../../lib/evaluate/metrics/scores.ts";

/** Scores that predict the given classes of two. */
function say(predicted: number[], truth: number[]): Scores {
  return scoreLogits(
    Float32Array.from(predicted.flatMap((p) => p === 0 ? [1, 0] : [0, 1])),
    { truth: Int32Array.from(truth), labels: ["a", "b"] },
  );
}

Deno.test("a comparison counts what only one of two models gets right", () => {
  const truth = [0, 0, 1, 1, 1, 0];
  assertEquals(
    compareScores(
      say([0, 0, 1, 1, 0, 1], truth),
      say([0, 1, 0, 0, 1, 1], truth),
    ),
    {
      examples: 6,
      accuracy: 4 / 6,
      otherAccuracy: 2 / 6,
      onlyThis: 3,
      onlyOther: 1,
      test: "exact",
      statistic: null,
      p: 0.625,
    },
  );
});

Deno.test("models that were scored on different examples are not compared", () => {
  assertThrows(
    () => compareScores(say([0, 1], [0, 1]), say([0, 1], [1, 1])),
    RangeError,
    "different examples",
  );
});
