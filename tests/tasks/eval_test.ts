import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import type { HardestEvent } from "../../lib/events/events.ts";
import {
  type Ended,
  type Line,
  runTask,
  timeless,
} from "../support/tasks/run_task.ts";
import { makeWorkplace, QUICK, snapshot } from "../support/tasks/workplace.ts";

let cwd: string;
/** What finetune measured after its last epoch. */
let measured: Line;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  const flags = [...QUICK, "--out=run", "--epochs=2"];
  const { events } = await runTask("finetune", flags, { cwd });
  measured = timeless(events, ["metrics"]).at(-1)!;
  await runTask("finetune", [...QUICK, "--out=other", "--epochs=1"], { cwd });
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function evaluate(...args: string[]): Promise<Ended> {
  const data = "--data=.premise/data/snli-bert.tiny";
  const flags = ["--model=run", data, "--device=cpu", "--batch-size=16"];
  return runTask("eval", [...flags, ...args], { cwd });
}

Deno.test("eval measures what finetune measured on the same examples", async () => {
  const { code, events } = await evaluate("--limit=96");
  assertEquals(code, 0);
  const [metrics] = timeless(events, ["metrics"]);
  const { reliability: _, bootstrap: __, ...same } = metrics;
  assertEquals(same, measured);
});

Deno.test("eval tells as many intervals as there are metrics of one number", async () => {
  const { events } = await evaluate("--limit=96", "--bootstrap=20", "--seed=3");
  const [{ bootstrap }] = timeless(events, ["metrics"]) as [
    { bootstrap: { intervals: Record<string, [number, number]> } },
  ];
  const { intervals, ...facts } = bootstrap;
  assertEquals(facts, { resamples: 20, seed: 3, level: 0.95 } as unknown);
  for (const [name, [low, high]] of Object.entries(intervals)) {
    assert(low <= high, name);
    assert(name in measured, name);
  }
  assertEquals(Object.keys(intervals).length, 6);
});

Deno.test("eval without resamples tells no intervals", async () => {
  const { events } = await evaluate("--limit=16", "--bootstrap=0");
  assertEquals("bootstrap" in timeless(events, ["metrics"])[0], false);
});

Deno.test("eval writes every prediction to a file", async () => {
  const { events } = await evaluate("--limit=96", "--predictions=said.jsonl");
  assertEquals(events.at(-1)!.files, ["said.jsonl"]);
  const lines = (await Deno.readTextFile(join(cwd, "said.jsonl"))).trim()
    .split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.length, 96);
  const right = lines.filter(({ gold, label }) => gold === label).length;
  assertEquals(right / 96, measured.accuracy);
});

Deno.test("eval against another run compares the two on the same examples", async () => {
  const { code, events } = await evaluate("--limit=96", "--against=other");
  assertEquals(code, 0);
  const [comparison] = timeless(events, ["comparison"]);
  const { accuracy, otherAccuracy, onlyThis, onlyOther, examples } =
    comparison as Record<string, number>;
  assertEquals([examples, accuracy], [96, measured.accuracy]);
  assertEquals(
    Math.round(96 * (accuracy - otherAccuracy)),
    onlyThis - onlyOther,
  );
  const [other] = timeless(
    (await evaluate("--limit=96", "--model=other")).events,
    ["metrics"],
  );
  assertEquals(otherAccuracy, other.accuracy);
});

Deno.test("eval against a model that is not fine-tuned is refused", async () => {
  const { code, events } = await evaluate("--against=bert.tiny");
  assertEquals([code, events.at(-1)?.code], [2, "not-fine-tuned"]);
});

Deno.test("eval tells the hardest examples, the hardest first", async () => {
  const { events } = await evaluate("--limit=96", "--show-hardest=3");
  const [{ hardest, mostConfidentlyWrong }] = timeless(events, [
    "hardest",
  ]) as unknown as HardestEvent[];
  const losses = hardest.map(({ loss }) => loss);
  assertEquals(losses, losses.toSorted((a, b) => b - a));
  assertEquals([hardest.length, mostConfidentlyWrong.length], [3, 3]);
  assert(mostConfidentlyWrong.every(({ gold, label }) => gold !== label));
});

Deno.test("eval sums the metrics up", async () => {
  const { events } = await evaluate("--limit=96");
  const { event, split, examples, accuracy, loss, macroF1 } = events.at(-1)!;
  assertEquals({ split, examples, accuracy, loss, macroF1, event }, {
    split: "test",
    examples: measured.examples,
    accuracy: measured.accuracy,
    loss: measured.loss,
    macroF1: measured.macroF1,
    event: "done",
  });
});

Deno.test("eval leaves the run as it is, and writes its figures where it is told to", async () => {
  const before = await snapshot(join(cwd, "run"));
  const { events } = await evaluate("--split=train", "--out=train.json");
  assertEquals(await snapshot(join(cwd, "run")), before);
  const table = await Deno.readTextFile(
    join(cwd, ".premise/data/snli-bert.tiny/table.json"),
  );
  const { event: _, ...metrics } = timeless(events, ["metrics"])[0];
  assertEquals(
    JSON.parse(await Deno.readTextFile(join(cwd, "train.json"))),
    { model: "run", data: JSON.parse(table).fingerprint, ...metrics },
  );
  assertEquals(events.at(-1)!.files, ["train.json"]);
});

for (const flag of ["out", "predictions"]) {
  Deno.test(`eval refuses before it works to write --${flag} into a folder that is not there`, async () => {
    const { code, events } = await evaluate(`--${flag}=no/such/folder/a.json`);
    assertEquals([code, events.at(-1)?.code], [2, "bad-usage"]);
    assertEquals(timeless(events, ["metrics"]), []);
  });
}

Deno.test("eval exits 1 when the accuracy is lower than it must be", async () => {
  const { code, events } = await evaluate("--min-accuracy=1");
  assertEquals([code, events.at(-1)?.code], [1, "accuracy-too-low"]);
  assertMatch(
    String(events.at(-1)?.message),
    /^The accuracy on test is 0\.\d{4}, expected at least 1$/,
  );
});

Deno.test("eval exits 0 when the accuracy is as high as it must be", async () => {
  const least = `--min-accuracy=${measured.accuracy}`;
  assertEquals((await evaluate("--limit=96", least)).code, 0);
});

Deno.test("eval refuses a model that is not fine-tuned with the command that does it", async () => {
  const { code, events } = await evaluate("--model=bert.tiny");
  assertEquals([code, events.at(-1)?.code], [2, "not-fine-tuned"]);
  assertStringIncludes(
    String(events.at(-1)?.hint),
    "deno task finetune --model .premise/cache/bert.tiny",
  );
});

Deno.test("eval refuses a split that is not there with those that are", async () => {
  const { code, events } = await evaluate("--split=dev");
  assertEquals([code, events.at(-1)?.code], [2, "bad-table"]);
  assertMatch(String(events.at(-1)?.message), /no split "dev".*train, test/);
});

Deno.test("a run that is not there is refused", async () => {
  const { code, events } = await evaluate("--model=runs/none");
  assertEquals([code, events.at(-1)?.code], [2, "missing-input"]);
});
