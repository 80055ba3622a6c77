import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { Driver } from "../../support/faults/driver.ts";
import { momentsOf } from "../../support/moments.ts";
import { unixTest } from "../../support/require.ts";
import { slowTest } from "../../support/slow.ts";
import {
  GOLDEN,
  makeGoldenPlace,
  outcomeOf,
} from "../../support/tasks/golden_place.ts";
import { eventsOf, spawnTask } from "../../support/tasks/run_task.ts";
import { endOf, sendSignal, STOPS } from "../../support/tasks/signals.ts";

/** Most seconds from a signal to the end. */
const SOON = 10;

/** When which signals are sent. */
interface Plan {
  signal: Deno.Signal;
  /** Milliseconds since the start. */
  delay: number;
  /** Milliseconds until it is sent once more, if it is. */
  again?: number | undefined;
}

interface Stopped {
  code: number;
  told: string[];
  stderr: string;
  /** How long it ran, in ms. */
  time: number;
}

/** Starts a run anew, and sends it signals. */
async function train(cwd: string, plan?: Plan): Promise<Stopped> {
  await Deno.remove(join(cwd, "run"), { recursive: true }).catch(() => {});
  const begun = performance.now();
  const child = spawnTask("finetune", GOLDEN, { cwd });
  await child.stdin.close();
  const timers: ReturnType<typeof setTimeout>[] = [];
  const send = (delay: number) =>
    timers.push(setTimeout(() => sendSignal(child, plan!.signal), delay));
  if (plan) send(plan.delay);
  if (plan?.again !== undefined) send(plan.delay + plan.again);
  const [stderr, events, code] = await Promise.all([
    new Response(child.stderr).text(),
    Array.fromAsync(eventsOf(child.stdout), ({ event }) => `${event}`),
    endOf(child, (plan?.delay ?? 0) / 1000 + SOON),
  ]);
  timers.forEach(clearTimeout);
  return { code, told: events, stderr, time: performance.now() - begun };
}

/** Stops runs at some moments, and compares what they come to. */
async function stopAll(seed: string, count: number): Promise<void> {
  const cwd = await makeGoldenPlace();
  try {
    await using driver = new Driver(cwd);
    const { time } = await train(cwd);
    const expected = await outcomeOf(join(cwd, "run"));
    let stopped = 0;
    for (const [i, moment] of momentsOf(count, seed).entries()) {
      const [signal, stopCode] = STOPS[i % STOPS.length];
      const again = i % 2 === 1 ? moment * 100 : undefined;
      const plan = { signal, delay: moment * time, again };
      const { code, told, stderr } = await train(cwd, plan);
      const what = `${JSON.stringify(plan)} after ${told}: ${stderr}`;
      // Only who has told that all is done may say so.
      assertEquals(code, told.includes("done") ? 0 : stopCode, what);
      assertEquals(/\n +at /.test(stderr), false, what);
      if (code !== 0 && told.length > 0) stopped++;
      const there = await Deno.stat(join(cwd, "run")).catch(() => undefined);
      await driver.finish(there ? [...GOLDEN, "--resume"] : GOLDEN);
      assertEquals(await outcomeOf(join(cwd, "run")), expected, what);
    }
    assertGreater(stopped, 0, "none was stopped in time");
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

unixTest(
  "a run stopped by signals at any moment goes on to the same bytes",
  () => stopAll("signals", 3),
);

for (const campaign of [1, 2, 3]) {
  slowTest(
    `a run stopped by signals at 10 moments more (${campaign}) goes on to the same bytes`,
    () => stopAll(`signals ${campaign}`, 10),
  );
}

unixTest("a stopped run says what is saved and how to go on", async () => {
  const cwd = await makeGoldenPlace();
  try {
    const args = [...GOLDEN, "--epochs=1000"];
    const child = spawnTask("finetune", args, { cwd });
    await child.stdin.close();
    for await (const { event } of eventsOf(child.stdout)) {
      if (event === "epoch") sendSignal(child, "SIGHUP");
    }
    assertEquals(await endOf(child, SOON), 129);
    assertMatch(
      await new Response(child.stderr).text(),
      /^hung up: the run "run" is saved (in|after) epoch .*\n {2}hint: go on with the same command and --resume\n$/,
    );
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
