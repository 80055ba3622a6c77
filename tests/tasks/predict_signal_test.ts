import { assertEquals } from "@std/assert";
import { unixTest } from "../support/require.ts";
import { spawnTask } from "../support/tasks/run_task.ts";
import { endOf, STOPS } from "../support/tasks/signals.ts";
import { makeWorkplace, QUICK } from "../support/tasks/workplace.ts";
import { runTask } from "../support/tasks/run_task.ts";

/** Most seconds from a signal to the end. */
const SOON = 5;

let cwd: string;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  const flags = [...QUICK, "--out=run", "--epochs=1"];
  await runTask("finetune", flags, { cwd });
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

/** Starts the task, and waits until it reads its input. */
async function start(): Promise<Deno.ChildProcess> {
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
      const child = await start();
      child.kill(signal);
      assertEquals(await endOf(child, SOON), code);
      assertEquals(/ at /.test(await discard(child)), false);
    },
  );

  unixTest(
    `predict whose output nobody takes ends at the first ${signal}`,
    async () => {
      const child = await start();
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
      assertEquals(await endOf(child, SOON), code);
      await written;
      writer.releaseLock();
      await discard(child);
    },
  );
}
