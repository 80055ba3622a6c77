import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type Ended, type Line, runTask } from "../support/tasks/run_task.ts";

const EVENTS: Line[] = [
  { event: "start", task: "finetune", device: "cpu (2 threads, no BLAS)" },
  {
    event: "done",
    task: "finetune",
    accuracy: 0.7132,
    loss: 0.59712,
    trainAccuracy: 0.7409,
    timing: { examplesPerSecond: 8563.94 },
  },
];

/** Sums up a run with these events. */
async function demo(events: readonly Line[]): Promise<Ended> {
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(cwd, "run"));
    await Deno.writeTextFile(
      join(cwd, "run/events.jsonl"),
      events.map((event) => JSON.stringify(event) + "\n").join(""),
    );
    return await runTask("demo", ["--model=run"], { cwd });
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test("a run is summed up in the book's words", async () => {
  const { code, stderr } = await demo(EVENTS);
  assertEquals(code, 0);
  assertEquals(
    stderr,
    "loss 0.597, train acc 0.741, test acc 0.713\n" +
      "8563.9 examples/sec on cpu (2 threads, no BLAS)\nrun\n",
  );
});

Deno.test("done has the run's accuracy", async () => {
  const { events } = await demo(EVENTS);
  const { event, accuracy, loss, trainAccuracy } = events.at(-1)!;
  assertEquals([event, accuracy, loss, trainAccuracy], [
    "done",
    0.7132,
    0.59712,
    0.7409,
  ]);
});

Deno.test("a run that has gone on is summed up by its last words", async () => {
  const again = { ...EVENTS[1], accuracy: 0.8 };
  const { events } = await demo([...EVENTS, EVENTS[0], again]);
  assertEquals(events.at(-1)?.accuracy, 0.8);
});

Deno.test("a run that is not finished is refused", async () => {
  const { code, events } = await demo([EVENTS[0]]);
  assertEquals([code, events.at(-1)?.code], [2, "bad-run"]);
  assertMatch(String(events.at(-1)?.hint), /finetune .*--resume/);
});

Deno.test("a directory that is no run's is refused", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    const { code, events } = await runTask("demo", ["--model=x"], { cwd });
    assertEquals([code, events.at(-1)?.code], [2, "bad-run"]);
    assertStringIncludes(String(events.at(-1)?.message), 'the run "x"');
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
