import { cacheSchedules } from "../support/faults/cache_schedules.ts";
import { testSchedules } from "../support/faults/schedules.ts";

testSchedules(cacheSchedules, {
  count: 50,
  seed: "cache",
  first: "processes that work with one cache at once leave it whole",
  nameOf: (i) => `schedule ${i} of processes with one cache leaves it whole`,
});
