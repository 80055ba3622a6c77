import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { slowTest } from "../../support/slow.ts";
import { GOLDEN, makeGoldenPlace } from "../../support/tasks/golden_place.ts";
import { eventsOf, runTask, spawnTask } from "../../support/tasks/run_task.ts";

/** Starts a run that takes long, and waits until it has a checkpoint. */
async function beginRun(cwd: string): Promise<Deno.ChildProcess> {
  const child = spawnTask("finetune", [...GOLDEN, "--epochs=10000"], { cwd });
  await child.stdin.close();
  const events = eventsOf(child.stdout);
  while ((await events.next()).value?.event !== "epoch");
  return child;
}

async function end(child: Deno.ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await Promise.all([child.stderr.cancel(), child.status]);
}

Deno.test({
  name: "a run that a process writes is refused to any other, by every name",
  // Windows lets few make symbolic links.
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const cwd = await makeGoldenPlace();
    const writer = await beginRun(cwd);
    try {
      await Deno.symlink("run", join(cwd, "other-name"));
      const ways = [
        ["--resume"],
        ["--overwrite"],
        ["--overwrite", "--out=./data/../run/"],
        ["--overwrite", `--out=${join(cwd, "run")}`],
        ["--resume", "--epochs=20", "--out=other-name"],
      ];
      const ends = [];
      for (const way of ways) {
        const { code, events } = await runTask(
          "finetune",
          [...GOLDEN, ...way],
          { cwd },
        );
        const { code: error, message } = events.at(-1)!;
        ends.push([code, error, `${message}`.replace(/run "[^"]*"/, "RUN")]);
      }
      const told = "Cannot write the RUN: process " +
        `${writer.pid} is writing it`;
      assertEquals(ends, ways.map(() => [2, "run-in-use", told]));
    } finally {
      await end(writer);
      await Deno.remove(cwd, { recursive: true });
    }
  },
});

slowTest("a run whose process was killed is free at once", async () => {
  const cwd = await makeGoldenPlace();
  try {
    await end(await beginRun(cwd));
    const { code, stderr } = await runTask(
      "finetune",
      [...GOLDEN, "--overwrite"],
      { cwd },
    );
    assertEquals(code, 0, stderr);
    const names = await Array.fromAsync(Deno.readDir(cwd), ({ name }) => name);
    assertEquals(names.filter((name) => name.endsWith(".lock")), []);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
