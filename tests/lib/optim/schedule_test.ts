import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  learningRateAt,
  type ScheduleOptions,
} from "../../../lib/optim/schedule.ts";

const CONSTANT: ScheduleOptions = {
  learningRate: 2,
  schedule: "constant",
  warmupSteps: undefined,
  warmupRatio: undefined,
};

function rates(total: number, options: Partial<ScheduleOptions>): number[] {
  return Array.from(
    { length: total },
    (_, i) => learningRateAt(i + 1, total, { ...CONSTANT, ...options }),
  );
}

Deno.test("without a schedule the rate stays", () => {
  assertEquals(rates(3, {}), [2, 2, 2]);
});

Deno.test("a constant rate is reached after the warm-up", () => {
  assertEquals(rates(4, { warmupSteps: 2 }), [0, 1, 2, 2]);
});

Deno.test("a linear schedule falls to a last step above 0", () => {
  assertEquals(rates(4, { schedule: "linear" }), [2, 1.5, 1, 0.5]);
});

Deno.test("a cosine is half way down after half of the steps", () => {
  const all = rates(4, { schedule: "cosine" });
  [2, 1 + Math.SQRT1_2, 1, 1 - Math.SQRT1_2].forEach((rate, i) =>
    assertAlmostEquals(all[i], rate, 1e-12)
  );
});

Deno.test("a warm-up's ratio is of all steps, rounded up", () => {
  assertEquals(
    rates(7, { schedule: "linear", warmupRatio: 0.3 }),
    rates(7, { schedule: "linear", warmupSteps: 3 }),
  );
});

Deno.test("a warm-up as long as the run never comes down", () => {
  assertEquals(rates(2, { schedule: "cosine", warmupSteps: 2 }), [0, 1]);
});

Deno.test("steps after the last have the rate 0", () => {
  assertEquals(learningRateAt(9, 4, { ...CONSTANT, schedule: "linear" }), 0);
});
