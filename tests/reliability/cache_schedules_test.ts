import { join } from "@std/path";
import {
  fillCachePlace,
  makeWholeCache,
  runCacheSchedule,
} from "../support/faults/cache_schedules.ts";
import type { Tree } from "../support/faults/trees.ts";
import { campaignTest, tellCount } from "../support/slow.ts";

/** So many schedules are slow tests. */
const SCHEDULES = 50;

let place: string;
let whole: Tree | undefined;

Deno.test.beforeAll(async () => {
  place = await Deno.makeTempDir();
  await Deno.mkdir(join(place, "before"));
  await fillCachePlace(join(place, "before"));
});

Deno.test.afterAll(() => Deno.remove(place, { recursive: true }));

async function runNumber(i: number): Promise<string> {
  const places = { before: join(place, "before"), cwd: join(place, "cwd") };
  whole ??= await makeWholeCache(places);
  return await runCacheSchedule(places, whole, `cache ${i}`);
}

Deno.test(
  "processes that work with one cache at once leave it whole",
  async () => {
    await runNumber(0);
  },
);

for (let i = 0; i < SCHEDULES; i++) {
  campaignTest(
    `schedule ${i} of processes with one cache leaves it whole`,
    async () => tellCount(await runNumber(i)),
  );
}
