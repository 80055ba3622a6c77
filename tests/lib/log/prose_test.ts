import { assertEquals } from "@std/assert";
import type { EpochEvent } from "../../../lib/log/events.ts";
import { describeEvent } from "../../../lib/log/prose.ts";

const EPOCH: EpochEvent = {
  event: "epoch",
  epoch: 3,
  loss: 0.59712,
  trainAccuracy: 0.7409,
  tokens: 1000,
  timing: { examplesPerSecond: 8563.94, tokensPerSecond: 9, seconds: 60 },
};

Deno.test("an epoch is told as the book tells it", () => {
  assertEquals(
    describeEvent({ ...EPOCH, testAccuracy: 0.7132 }),
    "epoch 3: loss 0.597, train acc 0.741, test acc 0.713, " +
      "8563.9 examples/sec",
  );
});

Deno.test("an epoch without a test split tells no test accuracy", () => {
  assertEquals(
    describeEvent(EPOCH),
    "epoch 3: loss 0.597, train acc 0.741, 8563.9 examples/sec",
  );
});

Deno.test("a prediction is told with the chance of each label", () => {
  const text = describeEvent({
    event: "prediction",
    premise: "He is good .",
    hypothesis: "He is bad .",
    label: "contradiction",
    probabilities: { entailment: 0.0312, contradiction: 0.9 },
    logits: [0, 3],
  });
  assertEquals(
    text,
    "contradiction  (entailment 3.1 %, contradiction 90.0 %)  " +
      "He is good . → He is bad .",
  );
});

Deno.test("metrics are told as a table of true and predicted labels", () => {
  const text = describeEvent({
    event: "metrics",
    split: "test",
    examples: 10,
    loss: 0.5,
    accuracy: 0.8,
    macroF1: 0.79,
    labels: ["yes", "no"],
    perClass: {
      yes: { precision: 0.75, recall: 1, f1: 0.857, support: 6 },
      no: { precision: 1, recall: 0.5, f1: 0.667, support: 4 },
    },
    confusion: [[6, 0], [2, 2]],
  });
  assertEquals(text.split("\n"), [
    "test: 10 examples, loss 0.500, accuracy 0.800, macro F1 0.790",
    "true \\ said         yes          no  precision     recall         F1",
    "       yes           6           0      0.750      1.000      0.857",
    "        no           2           2      1.000      0.500      0.667",
  ]);
});

Deno.test("metrics keep the model's order of labels that are numbers", () => {
  const scores = { precision: 1, recall: 1, f1: 1 };
  const text = describeEvent({
    event: "metrics",
    split: "test",
    examples: 3,
    loss: 0,
    accuracy: 1,
    macroF1: 1,
    labels: ["2", "1"],
    perClass: { 1: { ...scores, support: 2 }, 2: { ...scores, support: 1 } },
    confusion: [[1, 0], [0, 2]],
  });
  const [, ...table] = text.split("\n").map((row) => row.trim().split(/ +/));
  assertEquals(table.map((cells) => cells.slice(-6, -3)), [
    ["said", "2", "1"],
    ["2", "1", "0"],
    ["1", "0", "2"],
  ]);
});

Deno.test("a warning is told with what helps", () => {
  const text = describeEvent({
    event: "warning",
    code: "x",
    message: "the disk is full",
    hint: "empty it",
  });
  assertEquals(text, "warning: the disk is full (empty it)");
});

Deno.test("an error is left to stderr", () => {
  const error = { event: "error", code: "x", message: "no", hint: "" } as const;
  assertEquals(describeEvent(error), "");
});
