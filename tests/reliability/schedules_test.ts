import { join } from "@std/path";
import {
  makeWhole,
  runSchedule,
  type Whole,
} from "../support/faults/schedules.ts";
import { slowTest } from "../support/slow.ts";
import { fillGoldenPlace } from "../support/tasks/golden_place.ts";

/** Schedules of each slow test, and of all. */
const SCHEDULES = 10;
const ALL = 200;

let place: string;
let whole: Whole | undefined;

Deno.test.beforeAll(async () => {
  place = await Deno.makeTempDir();
  await Deno.mkdir(join(place, "before"));
  await fillGoldenPlace(join(place, "before"));
});

Deno.test.afterAll(() => Deno.remove(place, { recursive: true }));

async function runSchedules(first: number, count: number): Promise<void> {
  const places = { before: join(place, "before"), cwd: join(place, "cwd") };
  whole ??= await makeWhole(places.before);
  for (let i = first; i < first + count; i++) {
    await runSchedule(places, whole, `schedule ${i}`);
  }
}

Deno.test(
  "processes that work in one place at once leave a whole result",
  () => runSchedules(0, 1),
);

for (let first = 0; first < ALL; first += SCHEDULES) {
  slowTest(
    `schedules ${first} to ${
      first + SCHEDULES - 1
    } of processes in one place leave a whole result`,
    () => runSchedules(first, SCHEDULES),
  );
}
