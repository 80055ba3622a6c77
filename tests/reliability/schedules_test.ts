import { join } from "@std/path";
import {
  makeWhole,
  runSchedule,
  type Whole,
} from "../support/faults/schedules.ts";
import { campaignTest, tellCount } from "../support/slow.ts";
import { fillGoldenPlace } from "../support/tasks/golden_place.ts";

/** So many schedules are slow tests. */
const SCHEDULES = 200;

let place: string;
let whole: Whole | undefined;

Deno.test.beforeAll(async () => {
  place = await Deno.makeTempDir();
  await Deno.mkdir(join(place, "before"));
  await fillGoldenPlace(join(place, "before"));
});

Deno.test.afterAll(() => Deno.remove(place, { recursive: true }));

async function runNumber(i: number): Promise<string> {
  const places = { before: join(place, "before"), cwd: join(place, "cwd") };
  whole ??= await makeWhole(places.before);
  return await runSchedule(places, whole, `schedule ${i}`);
}

Deno.test(
  "processes that work in one place at once leave a whole result",
  async () => {
    await runNumber(0);
  },
);

for (let i = 0; i < SCHEDULES; i++) {
  campaignTest(
    `schedule ${i} of processes in one place leaves a whole result`,
    async () => tellCount(await runNumber(i)),
  );
}
