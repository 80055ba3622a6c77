import { assertEquals, assertThrows } from "@std/assert";
import { scoreLogits } from "../../../../lib/evaluate/metrics/scores.ts";

const labels = ["a", "b"];

Deno.test("of equal logits the first class is predicted", () => {
  const { predicted } = scoreLogits(Float32Array.of(2, 2), {
    truth: Int32Array.of(1),
    labels,
  });
  assertEquals([...predicted], [0]);
});

Deno.test("the loss of logits that are far apart is their distance", () => {
  const { losses } = scoreLogits(Float32Array.of(900, -900), {
    truth: Int32Array.of(1),
    labels,
  });
  assertEquals([...losses], [1800]);
});

for (
  const [what, logits, truth, message] of [
    ["a class that is not among the labels", [0, 1], [2], "has class 2"],
    ["logits for another number of examples", [0, 1], [0, 1], "2 logits of 2"],
    ["logits that are not finite", [0, NaN], [0], "has logits 0, NaN"],
    ["no examples at all", [], [], "no examples"],
  ] as const
) {
  Deno.test(`${what} are refused`, () => {
    assertThrows(
      () =>
        scoreLogits(Float32Array.from(logits), {
          truth: Int32Array.from(truth),
          labels,
        }),
      RangeError,
      message,
    );
  });
}
