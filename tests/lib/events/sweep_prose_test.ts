import { assertEquals } from "@std/assert";
import type { RunEvent, SweepRow } from "../../../lib/events/events.ts";
import { describeEvent } from "../../../lib/events/prose.ts";

const metrics = {
  accuracy: 0.61234,
  loss: 1,
  macroF1: 0,
  weightedF1: 0,
  matthews: 0,
  expectedCalibrationError: 0,
};

const RUN: RunEvent = {
  event: "run",
  name: "lr=0.001,seed=0",
  path: "sweep/runs/lr=0.001,seed=0",
  settings: { lr: 0.001 },
  seed: 0,
  outcome: "trained",
  metrics: { test: metrics },
};

Deno.test("a run of a sweep is told with its accuracy", () => {
  assertEquals(describeEvent(RUN), "lr=0.001,seed=0: test accuracy 0.612");
  assertEquals(
    describeEvent({ ...RUN, outcome: "found" }),
    "lr=0.001,seed=0: test accuracy 0.612, found as it was",
  );
});

Deno.test("a run that failed is told with the reason", () => {
  assertEquals(
    describeEvent({
      ...RUN,
      outcome: "failed",
      metrics: {},
      error: "the disk is full",
    }),
    "lr=0.001,seed=0: failed: the disk is full",
  );
});

Deno.test("a sweep is told as a table", () => {
  const rows: SweepRow[] = [
    {
      settings: { lr: 0.001 },
      seeds: [0, 1],
      values: [0.6, 0.7],
      mean: 0.65,
      deviation: 0.0707,
      failed: 0,
    },
    {
      settings: { lr: 0.0005 },
      seeds: [],
      values: [],
      mean: null,
      deviation: null,
      failed: 2,
    },
  ];
  const text = describeEvent({
    event: "sweep",
    split: "dev",
    metric: "accuracy",
    rows,
  });
  assertEquals(text.split("\n"), [
    "accuracy on dev, by its mean over the seeds:",
    "settings     mean  deviation  runs  failed",
    "lr=0.001   0.6500     0.0707     2",
    "lr=0.0005       -          -     0       2",
  ]);
});
