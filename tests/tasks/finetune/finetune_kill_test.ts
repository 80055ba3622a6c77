import { assertEquals, assertGreater } from "@std/assert";
import { join } from "@std/path";
import { Random } from "../../fuzz/random.ts";
import { Driver } from "../../support/tasks/drive.ts";
import {
  GOLDEN,
  makeGoldenPlace,
  outcomeOf,
} from "../../support/tasks/golden_place.ts";
import { eventsOf, spawnTask } from "../../support/tasks/run_task.ts";

const KILLS = 40;

/** Starts a run, and kills it after some time, if any. Returns what it told. */
async function train(cwd: string, delay?: number): Promise<string[]> {
  await Deno.remove(join(cwd, "run"), { recursive: true }).catch(() => {});
  const child = spawnTask("finetune", GOLDEN, { cwd });
  await child.stdin.close();
  const timer = delay === undefined ? undefined : setTimeout(() => {
    child.kill("SIGKILL");
  }, delay);
  const drained = child.stderr.pipeTo(new WritableStream());
  const told: string[] = [];
  for await (const { event } of eventsOf(child.stdout)) told.push(`${event}`);
  await Promise.all([drained, child.status]);
  clearTimeout(timer);
  return told;
}

Deno.test("a run killed at any moment goes on to the same bytes", async () => {
  const cwd = await makeGoldenPlace();
  try {
    await using driver = new Driver(cwd);
    const begun = performance.now();
    await train(cwd);
    const whole = performance.now() - begun;
    const expected = await outcomeOf(join(cwd, "run"));
    const random = new Random("finetune");
    const last = new Set<string | undefined>();
    for (let kill = 0; kill < KILLS; kill++) {
      const delay = random.below(1000) / 1000 * whole;
      const told = await train(cwd, delay);
      last.add(told.at(-1));
      const there = await Deno.stat(join(cwd, "run")).catch(() => undefined);
      await driver.run({ args: there ? [...GOLDEN, "--resume"] : GOLDEN });
      const what = `killed after ${delay} ms, having told ${told}`;
      assertEquals(await outcomeOf(join(cwd, "run")), expected, what);
    }
    assertGreater(last.size, 2, `killed after ${[...last]} alone`);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
