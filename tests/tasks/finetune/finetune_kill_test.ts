import { assertEquals, assertGreater } from "@std/assert";
import { join } from "@std/path";
import { Driver } from "../../support/faults/driver.ts";
import { momentsOf } from "../../support/moments.ts";
import { slowTest } from "../../support/slow.ts";
import {
  GOLDEN,
  makeGoldenPlace,
  outcomeOf,
} from "../../support/tasks/golden_place.ts";
import { eventsOf, spawnTask } from "../../support/tasks/run_task.ts";

/** Kills of one slow test. */
const KILLS = 5;
/** Kills of the one that is not: so many that two come at different events. */
const FEW_KILLS = 3;

/** When a run is killed. */
interface Moment {
  /** How many events it has told by then. */
  events: number;
  /** Milliseconds since the last of them, or since it was started. */
  delay: number;
}

/** Starts a run, and kills it at some moment, if any. Returns what it told. */
async function train(cwd: string, moment?: Moment): Promise<string[]> {
  await Deno.remove(join(cwd, "run"), { recursive: true }).catch(() => {});
  const child = spawnTask("finetune", GOLDEN, { cwd });
  await child.stdin.close();
  const told: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watch = () => {
    if (told.length !== moment?.events) return;
    timer = setTimeout(() => {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }, moment.delay);
  };
  const drained = child.stderr.pipeTo(new WritableStream());
  watch();
  for await (const { event } of eventsOf(child.stdout)) {
    told.push(`${event}`);
    watch();
  }
  await Promise.all([drained, child.status]);
  clearTimeout(timer);
  return told;
}

/** Kills runs at some moments, and compares what they come to. */
async function killAll(seed: string, kills = KILLS): Promise<void> {
  const cwd = await makeGoldenPlace();
  try {
    await using driver = new Driver(cwd);
    const begun = performance.now();
    const events = (await train(cwd)).length;
    const step = (performance.now() - begun) / events;
    const expected = await outcomeOf(join(cwd, "run"));
    const last = new Set<string | undefined>();
    for (const moment of momentsOf(kills, seed)) {
      const at = Math.floor(moment * events);
      const delay = (moment * events - at) * step;
      const told = await train(cwd, { events: at, delay });
      last.add(told.at(-1));
      const there = await Deno.stat(join(cwd, "run")).catch(() => undefined);
      await driver.finish(there ? [...GOLDEN, "--resume"] : GOLDEN);
      const what = `killed ${delay} ms after it told ${told}`;
      assertEquals(await outcomeOf(join(cwd, "run")), expected, what);
    }
    assertGreater(last.size, 1, `killed after ${[...last]} alone`);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test(
  "a run killed at any moment goes on to the same bytes",
  () => killAll("finetune", FEW_KILLS),
);

for (const campaign of [1, 2, 3, 4, 5, 6, 7, 8]) {
  slowTest(
    `a run killed at ${KILLS} moments more (${campaign}) goes on to the same bytes`,
    () => killAll(`finetune ${campaign}`),
  );
}
