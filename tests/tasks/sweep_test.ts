import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { slowTest } from "../support/slow.ts";
import {
  type Ended,
  eventsOf,
  type Line,
  runTask,
  spawnTask,
  timeless,
} from "../support/tasks/run_task.ts";
import {
  digestOf,
  makeWorkplace,
  namesIn,
  QUICK,
} from "../support/tasks/workplace.ts";

let cwd: string;
/** A sweep of two rates and two seeds. */
let swept: Ended;

const settings = {
  model: "bert.tiny",
  device: "cpu",
  limit: 48,
  batchSize: 16,
  epochs: 2,
};

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  swept = await sweep({
    settings,
    vary: { lr: [1e-3, 1e-4] },
    seeds: "0-1",
    out: "swept",
  });
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

async function writeFile(content: unknown): Promise<string> {
  const file = `${crypto.randomUUID()}.json`;
  await Deno.writeTextFile(join(cwd, file), JSON.stringify(content));
  return `--config=${file}`;
}

async function sweep(content: unknown, ...flags: string[]): Promise<Ended> {
  return runTask("sweep", [await writeFile(content), ...flags], { cwd });
}

function outcomes({ events }: Ended): [unknown, unknown][] {
  return timeless(events, ["run"]).map(({ name, outcome }) => [name, outcome]);
}

function weightsOf(run: string): Promise<string> {
  return digestOf(join(cwd, run, "model.safetensors"));
}

async function recordOf(out: string): Promise<Line> {
  return JSON.parse(await Deno.readTextFile(join(cwd, out, "sweep.json")));
}

Deno.test("a sweep trains every combination with every seed", () => {
  assertEquals(swept.code, 0, swept.stderr);
  assertEquals(outcomes(swept), [
    ["lr=0.001,seed=0", "trained"],
    ["lr=0.001,seed=1", "trained"],
    ["lr=0.0001,seed=0", "trained"],
    ["lr=0.0001,seed=1", "trained"],
  ]);
});

Deno.test("a run of a sweep ends with the bits of the same run alone", async () => {
  const flags = ["--limit=48", "--epochs=2", "--lr=1e-4", "--seed=1"];
  await runTask("finetune", [...QUICK, ...flags, "--out=alone"], { cwd });
  assertEquals(
    await weightsOf("swept/runs/lr=0.0001,seed=1"),
    await weightsOf("alone"),
  );
});

Deno.test("a run of a sweep has its events from start to done", async () => {
  const path = join(cwd, "swept/runs/lr=0.001,seed=0/events.jsonl");
  const lines = (await Deno.readTextFile(path)).trim().split("\n");
  const kinds = lines.map((line) => JSON.parse(line).event);
  assertEquals([kinds[0], kinds.at(-1)], ["start", "done"]);
});

Deno.test("sweep.json has the runs and the table that were told", async () => {
  const record = await recordOf("swept");
  const [table] = timeless(swept.events, ["sweep"]);
  assertEquals(record.rows, table.rows);
  const told = timeless(swept.events, ["run"]).map(({ event: _, ...run }) =>
    run
  );
  assertEquals(record.runs, told);
});

Deno.test("a sweep has a chart", async () => {
  const svg = await Deno.readTextFile(join(cwd, "swept/sweep.svg"));
  assertMatch(svg, /^<svg.*lr=0\.0001/s);
});

Deno.test("a sweep that is ranked by the test split warns of it", () => {
  const codes = timeless(swept.events, ["warning"]).map(({ code }) => code);
  assertEquals(codes, ["ranked-by-test"]);
});

slowTest(
  "a finished sweep is not trained again, and one with more values trains those",
  async () => {
    const before = await weightsOf("swept/runs/lr=0.001,seed=0");
    const more = await sweep({
      settings,
      vary: { lr: [1e-3, 1e-4] },
      seeds: "1-2",
      out: "swept",
    });
    assertEquals(outcomes(more), [
      ["lr=0.001,seed=1", "found"],
      ["lr=0.001,seed=2", "trained"],
      ["lr=0.0001,seed=1", "found"],
      ["lr=0.0001,seed=2", "trained"],
    ]);
    assertEquals(await weightsOf("swept/runs/lr=0.001,seed=0"), before);
  },
);

Deno.test("a run that was finished with other settings is refused, not found", async () => {
  const { code, events } = await sweep({
    settings: { ...settings, dropout: 0.5 },
    vary: { lr: [1e-3] },
    seeds: [0],
    out: "swept",
  });
  assertEquals([code, events.at(-1)?.code], [1, "runs-failed"]);
  const [run] = timeless(events, ["run"]);
  assertMatch(String(run.error), /--dropout was not given, now it is 0\.5/);
});

slowTest(
  "a sweep that SIGINT stops goes on where it was, to the same bits",
  async () => {
    const content = { settings, vary: { lr: [1e-3] }, seeds: "0-1" };
    const child = spawnTask(
      "sweep",
      [await writeFile({ ...content, out: "stopped" })],
      { cwd },
    );
    const said = new Response(child.stderr).text();
    await child.stdin.close();
    let stopped = false;
    for await (const { event } of eventsOf(child.stdout)) {
      if (event === "progress" && !stopped) child.kill("SIGINT");
      stopped ||= event === "progress";
    }
    const { code } = await child.status;
    assertEquals(code, 130);
    assertMatch(await said, /^interrupted: the sweep is in the run "stopped/);
    const ended = await sweep({ ...content, out: "stopped" });
    assertEquals(ended.code, 0, ended.stderr);
    for (const seed of [0, 1]) {
      assertEquals(
        await weightsOf(`stopped/runs/lr=0.001,seed=${seed}`),
        await weightsOf(`swept/runs/lr=0.001,seed=${seed}`),
      );
    }
  },
);

Deno.test("a run that fails does not lose the others", async () => {
  const ended = await sweep({ settings, vary: { heads: [7, 4] }, out: "half" });
  assertEquals([ended.code, ended.events.at(-1)?.code], [1, "runs-failed"]);
  assertEquals(outcomes(ended), [
    ["heads=7,seed=0", "failed"],
    ["heads=4,seed=0", "trained"],
  ]);
  assertMatch(
    String(ended.events.at(-1)?.message),
    /1 of 2 runs of the sweep "half" failed: heads=7,seed=0/,
  );
  const [{ rows }] = timeless(ended.events, ["sweep"]) as unknown as [
    { rows: { failed: number; values: number[] }[] },
  ];
  assertEquals(rows.map(({ failed }) => failed), [0, 1]);
  assertEquals(((await recordOf("half")).runs as Line[]).length, 2);
});

Deno.test("a sweep whose data are missing is refused once, before any run", async () => {
  const data = "no/such";
  const { code, events } = await sweep({
    settings: { ...settings, data },
    vary: { lr: [1e-3, 1e-4] },
    seeds: "0-1",
    out: "refused",
  });
  assertEquals([code, events.map(({ event, code }) => [event, code])], [
    2,
    [["error", "missing-input"]],
  ]);
  assertEquals((await namesIn(cwd)).includes("refused"), false);
});

Deno.test("a sweep is not written into a directory of another kind", async () => {
  const { code, events } = await sweep({ settings, out: ".premise" });
  assertEquals([code, events.at(-1)?.code], [2, "run-exists"]);
  assert(!(await namesIn(join(cwd, ".premise"))).includes("sweep.json"));
});

Deno.test("finetune with seeds is the sweep of one combination", async () => {
  const flags = ["--limit=48", "--epochs=1", "--seeds=0,3", "--out=seeds"];
  const { code, events } = await runTask("finetune", [...QUICK, ...flags], {
    cwd,
  });
  assertEquals(code, 0);
  assertEquals(await namesIn(join(cwd, "seeds/runs")), ["seed=0", "seed=3"]);
  const { event, task, runs, best } = events.at(-1)!;
  assertEquals([event, task, runs, best], ["done", "finetune", 2, {}]);
});
