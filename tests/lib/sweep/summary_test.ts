import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { ScalarMetrics } from "../../../lib/events/events.ts";
import { type RunOutcome, summarise } from "../../../lib/sweep/summary.ts";

function metrics(accuracy: number, loss = 1): ScalarMetrics {
  return {
    accuracy,
    loss,
    macroF1: 0,
    weightedF1: 0,
    matthews: 0,
    expectedCalibrationError: 0,
  };
}

function run(
  lr: number,
  seed: number,
  bySplit: Record<string, ScalarMetrics>,
): RunOutcome {
  const outcome = Object.keys(bySplit).length > 0 ? "trained" : "failed";
  return { settings: { lr }, seed, outcome, metrics: bySplit };
}

Deno.test("mean and deviation are over the seeds of a combination", () => {
  const { rows: [row] } = summarise(
    [0.5, 0.6, 0.8].map((value, i) => run(1, i, { test: metrics(value) })),
    { metric: "accuracy" },
  );
  assertEquals(row.values, [0.5, 0.6, 0.8]);
  assertAlmostEquals(row.mean!, 1.9 / 3, 1e-15);
  // statistics.stdev([0.5, 0.6, 0.8])
  assertAlmostEquals(row.deviation!, 0.15275252316519466, 1e-15);
});

Deno.test("one seed has no deviation", () => {
  const { rows } = summarise([run(1, 0, { test: metrics(0.5) })], {
    metric: "accuracy",
  });
  assertEquals([rows[0].mean, rows[0].deviation], [0.5, null]);
});

Deno.test("the best combination comes first", () => {
  const runs = [
    run(1, 0, { test: metrics(0.5, 0.9) }),
    run(2, 0, { test: metrics(0.7, 0.8) }),
    run(3, 0, { test: metrics(0.6, 0.7) }),
  ];
  const order = (metric: "accuracy" | "loss") =>
    summarise(runs, { metric }).rows.map(({ settings }) => settings.lr);
  assertEquals(order("accuracy"), [2, 3, 1]);
  assertEquals(order("loss"), [3, 2, 1]);
});

Deno.test("the dev split ranks where there is one", () => {
  const { split, rows } = summarise([
    run(1, 0, { dev: metrics(0.5), test: metrics(0.9) }),
    run(2, 0, { dev: metrics(0.6), test: metrics(0.1) }),
  ], { metric: "accuracy" });
  assertEquals([split, rows[0].settings.lr], ["dev", 2]);
});

Deno.test("runs that failed are counted, and are not part of the mean", () => {
  const { rows } = summarise([
    run(1, 0, {}),
    run(2, 0, { test: metrics(0.6) }),
    run(2, 1, {}),
  ], { metric: "accuracy" });
  assertEquals(
    rows.map(({ settings, seeds, failed, mean }) => [
      settings.lr,
      seeds,
      failed,
      mean,
    ]),
    [[2, [0], 1, 0.6], [1, [], 1, null]],
  );
});

Deno.test("runs that were measured on no split have no rank", () => {
  const measured = { ...run(1, 0, {}), outcome: "trained" } as const;
  const { split, rows } = summarise([measured], { metric: "accuracy" });
  assertEquals([split, rows[0].mean, rows[0].failed], [null, null, 0]);
});
