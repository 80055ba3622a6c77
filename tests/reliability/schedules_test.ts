import { runSchedules } from "../support/faults/run_schedules.ts";
import { testSchedules } from "../support/faults/schedules.ts";

testSchedules(runSchedules, {
  count: 200,
  seed: "schedule",
  first: "processes that work in one place at once leave a whole result",
  nameOf: (i) =>
    `schedule ${i} of processes in one place leaves a whole result`,
});
