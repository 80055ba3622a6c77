/** Every task ends when a signal comes, whatever it is doing. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { TaskName } from "../../lib/settings/config.ts";
import { momentsOf } from "../support/moments.ts";
import { unixTest } from "../support/require.ts";
import { slowTest } from "../support/slow.ts";
import { eventsOf, spawnTask } from "../support/tasks/run_task.ts";
import { endOf, sendSignal, STOPS } from "../support/tasks/signals.ts";
import { makeTrainedWorkplace, QUICK } from "../support/tasks/workplace.ts";

/** Most seconds from a signal to the end. */
const SOON = 10;

/** The same of a task that only waits for those who read and write. */
const SOON_IDLE = 5;

/** Milliseconds in which all of them have ended by themselves, or go on. */
const SPAN = 1500;

const TRAIN = {
  model: "bert.tiny",
  data: ".premise/data/snli-bert.tiny",
  device: "cpu",
};
const SWEEP = {
  out: "sweep",
  settings: { ...TRAIN, limit: 32, epochs: 100, batchSize: 16 },
  vary: { lr: [1e-3, 1e-4] },
};

/** Tasks, and flags that keep them at work. */
const TASKS: [TaskName, string[]][] = [
  ["download", ["--model=bert.tiny", "--dataset=snli.sample", "--cache=other"]],
  ["preprocess", ["--model=bert.tiny", "--data=snli.sample", "--out=out"]],
  ["finetune", [...QUICK, "--out=new", "--epochs=100", "--overwrite"]],
  ["eval", [
    "--model=run",
    "--data=.premise/data/snli-bert.tiny",
    "--device=cpu",
  ]],
  ["sweep", ["--config=sweep.json"]],
  ["doctor", []],
  ["demo", ["--model=run"]],
];

let cwd: string;

Deno.test.beforeAll(async () => {
  cwd = await makeTrainedWorkplace();
  await Deno.writeTextFile(join(cwd, "sweep.json"), JSON.stringify(SWEEP));
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

/** Sends a signal to a task at some moments, and now and then a second one. */
async function stopAll(
  [task, args]: (typeof TASKS)[number],
  { seed, count }: { seed: string; count: number },
): Promise<void> {
  for (const [i, moment] of momentsOf(count, seed).entries()) {
    const [signal, stopCode] = STOPS[(task.length + i) % STOPS.length];
    for (const name of ["other", "out", "new", "sweep"]) {
      await Deno.remove(join(cwd, name), { recursive: true }).catch(() => {});
    }
    const child = spawnTask(task, args, { cwd });
    await child.stdin.close();
    const delay = moment * SPAN;
    const timers = [delay, ...(i % 2 === 1 ? [delay + 20] : [])]
      .map((at) => setTimeout(() => sendSignal(child, signal), at));
    const [code, stderr, told] = await Promise.all([
      endOf(child, SOON),
      new Response(child.stderr).text(),
      Array.fromAsync(eventsOf(child.stdout), ({ event }) => `${event}`),
    ]);
    timers.forEach(clearTimeout);
    const what = `${signal} after ${delay} ms and ${told}: ${stderr}`;
    assertEquals(code, told.includes("done") ? 0 : stopCode, what);
    assertEquals(/\n +at /.test(stderr), false, what);
  }
}

for (const task of TASKS) {
  unixTest(
    `${task[0]} ends at a signal, whatever it is doing`,
    () => stopAll(task, { seed: `signals ${task[0]}`, count: 1 }),
  );

  slowTest(
    `${task[0]} ends at 10 signals more, whatever it is doing`,
    () => stopAll(task, { seed: `more signals ${task[0]}`, count: 10 }),
  );
}

/** Starts `predict`, and waits until it reads its input. */
async function startPredict(): Promise<Deno.ChildProcess> {
  const child = spawnTask("predict", ["--model=run", "--device=cpu"], { cwd });
  const reader = child.stdout.getReader();
  await reader.read(); // the start event
  reader.releaseLock();
  return child;
}

async function discard(child: Deno.ChildProcess): Promise<string> {
  const said = new Response(child.stderr).text();
  await child.stdout.cancel();
  await child.stdin.abort().catch(() => {});
  return await said;
}

for (const [signal, code] of STOPS) {
  unixTest(
    `predict whose input is idle ends at the first ${signal}`,
    async () => {
      const child = await startPredict();
      child.kill(signal);
      assertEquals(await endOf(child, SOON_IDLE), code);
      assertEquals(/ at /.test(await discard(child)), false);
    },
  );

  unixTest(
    `predict whose output nobody takes ends at the first ${signal}`,
    async () => {
      const child = await startPredict();
      const writer = child.stdin.getWriter();
      const line = JSON.stringify({
        premise: "A dog .",
        hypothesis: "A cat .",
      });
      const input = new TextEncoder().encode(`${line}\n`.repeat(2000));
      // More than fits into the pipes: it goes on until the task has ended.
      const written = writer.write(input).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 500));
      child.kill(signal);
      assertEquals(await endOf(child, SOON_IDLE), code);
      await written;
      writer.releaseLock();
      await discard(child);
    },
  );
}
