import { assertEquals } from "@std/assert";
import type { EpochEvent } from "../../../lib/events/events.ts";
import { describeEvent } from "../../../lib/events/prose.ts";

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

Deno.test("a profile is told as a table with shares", () => {
  const text = describeEvent({
    event: "profile",
    trace: "run/trace.json",
    omitted: 0,
    timing: {
      seconds: 4,
      rows: [
        { phase: "forward", kernel: "Linear", calls: 12, seconds: 3 },
        { phase: "forward", kernel: "", calls: 2, seconds: 1 },
      ],
      gpu: [
        { kernel: "linear", calls: 10, seconds: 1.5 },
        { kernel: "adam", calls: 2, seconds: 0.5 },
      ],
    },
  });
  assertEquals(
    text,
    [
      "  phase       kernel       calls  seconds   share",
      "  forward     Linear          12    3.000  75.0 %",
      "  forward     (no kernel)      2    1.000  25.0 %",
      "  on the GPU  linear          10    1.500  75.0 %",
      "  on the GPU  adam             2    0.500  25.0 %",
      "  trace: run/trace.json",
    ].join("\n"),
  );
});

Deno.test("a plan is told with units that are easily read", () => {
  const text = describeEvent({
    event: "plan",
    parameters: 16612867,
    epochs: 5,
    steps: 5365,
    batchSize: 512,
    microBatchTokens: 90000,
    timing: {
      bytes: 2 ** 29,
      mostBytes: 2 ** 32,
      secondsPerStep: 0.412,
      secondsPerEpoch: 442,
      secondsPerEvaluation: 3.1,
      seconds: 8000,
    },
  });
  assertEquals(
    text,
    [
      "  16,612,867 parameters",
      "  5 epochs, 5365 steps of 512 examples, at most 90000 tokens at once",
      "  memory: 0.50 GiB of 4.00",
      "  time: 0.41 s a step, 7.4 min an epoch and 3.1 s to evaluate, 2.2 h in all",
    ].join("\n"),
  );
});

Deno.test("data are told with how much the examples of each class count", () => {
  const text = describeEvent({
    event: "data",
    data: "cache/tables/1234",
    maxLength: 128,
    splits: [],
    classWeights: { yes: 1 / 3, no: 2 },
  });
  assertEquals(
    text,
    "data cache/tables/1234\n  class weights: yes 0.3333, no 2",
  );
});
