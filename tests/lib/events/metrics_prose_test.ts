import { assertEquals } from "@std/assert";
import type { MetricsEvent } from "../../../lib/events/events.ts";
import { describeEvent } from "../../../lib/events/prose.ts";

const METRICS: MetricsEvent = {
  event: "metrics",
  split: "test",
  examples: 10,
  loss: 0.5,
  accuracy: 0.8,
  macroF1: 0.79,
  weightedF1: 0.78,
  matthews: 0.61,
  expectedCalibrationError: 0.0523,
  labels: ["yes", "no"],
  perClass: {
    yes: { precision: 0.75, recall: 1, f1: 0.857, support: 6 },
    no: { precision: 1, recall: 0.5, f1: 0.667, support: 4 },
  },
  confusion: [[6, 0], [2, 2]],
};

/** The words and numbers of each line. */
function cells(text: string): string[][] {
  return text.split("\n").map((line) => line.trim().split(/ {2,}/));
}

Deno.test("metrics are told as a table of true and predicted labels", () => {
  assertEquals(describeEvent(METRICS).split("\n"), [
    "test: 10 examples, loss 0.500, accuracy 0.800, macro F1 0.790",
    "true \\ said          yes           no  precision     recall         F1",
    "        yes            6            0      0.750      1.000      0.857",
    "         no            2            2      1.000      0.500      0.667",
    "weighted F1 0.780, Matthews 0.610, calibration error 0.052",
  ]);
});

Deno.test("metrics keep the model's order of labels that are numbers", () => {
  const scores = { precision: 1, recall: 1, f1: 1 };
  const text = describeEvent({
    ...METRICS,
    labels: ["2", "1"],
    perClass: { 1: { ...scores, support: 2 }, 2: { ...scores, support: 1 } },
    confusion: [[1, 0], [0, 2]],
  });
  assertEquals(
    cells(text).slice(1, 4).map((row) => row.slice(-6, -3)),
    [["true \\ said", "2", "1"], ["2", "1", "0"], ["1", "0", "2"]],
  );
});

Deno.test("the reliability is told as a table by confidence", () => {
  const text = describeEvent({
    ...METRICS,
    reliability: [
      { above: 0.5, upTo: 0.6, examples: 3, confidence: 0.55, accuracy: 1 },
    ],
  });
  assertEquals(cells(text).slice(-2), [
    ["confidence", "examples", "mean", "accuracy"],
    ["0.5 to 0.6", "3", "0.550", "1.000"],
  ]);
});

Deno.test("intervals are told with their level", () => {
  const text = describeEvent({
    ...METRICS,
    bootstrap: {
      resamples: 100,
      seed: 0,
      level: 0.95,
      intervals: {
        loss: [0.4, 0.6],
        accuracy: [0.7, 0.9],
        macroF1: [0.7, 0.9],
        weightedF1: [0.7, 0.9],
        matthews: [0.5, 0.7],
        expectedCalibrationError: [0.01, 0.1],
      },
    },
  });
  assertEquals(
    text.split("\n").at(-1),
    "95 % of 100 resamples: loss 0.400 to 0.600, accuracy 0.700 to 0.900, " +
      "macro F1 0.700 to 0.900, weighted F1 0.700 to 0.900, " +
      "Matthews 0.500 to 0.700, calibration error 0.010 to 0.100",
  );
});

Deno.test("a comparison is told with the test that was made", () => {
  const facts = {
    event: "comparison",
    split: "test",
    against: "runs/b",
    examples: 100,
    accuracy: 0.7,
    otherAccuracy: 0.6,
    onlyThis: 20,
    onlyOther: 10,
    p: 0.10035,
  } as const;
  const start = "test against runs/b: accuracy 0.700, its 0.600\n" +
    "right only here 20, right only there 10; ";
  assertEquals(
    describeEvent({ ...facts, test: "chi-square", statistic: 2.7 }),
    start + "McNemar (chi-square 2.70 with continuity correction): p 0.100",
  );
  assertEquals(
    describeEvent({ ...facts, test: "exact", statistic: null }),
    start + "McNemar (exact): p 0.100",
  );
});

Deno.test("hard examples are told with their lines and labels", () => {
  const text = describeEvent({
    event: "hardest",
    split: "test",
    hardest: [{
      row: 17,
      premise: "A man sleeps.",
      hypothesis: "A man is awake.",
      gold: "contradiction",
      label: "neutral",
      probability: 0.951,
      loss: 3.2101,
    }],
    mostConfidentlyWrong: [],
  });
  assertEquals(text.split("\n"), [
    "hardest of test:",
    "  row 17, loss 3.210: neutral 95.1 %, gold contradiction: " +
    "A man sleeps. → A man is awake.",
    "most confidently wrong of test:",
  ]);
});
