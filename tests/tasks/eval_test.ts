import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type Ended, type Line, runTask, timeless } from "./run_task.ts";
import { makeWorkplace, QUICK, snapshot } from "./workplace.ts";

let cwd: string;
/** What finetune measured after its last epoch. */
let measured: Line;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  const flags = [...QUICK, "--out=run", "--epochs=2"];
  const { events } = await runTask("finetune", flags, { cwd });
  measured = timeless(events, ["metrics"]).at(-1)!;
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function evaluate(...args: string[]): Promise<Ended> {
  const flags = ["--model=run", "--device=cpu", "--batch-size=16"];
  return runTask("eval", [...flags, ...args], { cwd });
}

async function keptMetrics(): Promise<Line> {
  return JSON.parse(await Deno.readTextFile(join(cwd, "run/metrics.json")));
}

Deno.test("eval measures what finetune measured on the same examples", async () => {
  const { code, events } = await evaluate("--limit=96");
  assertEquals(code, 0);
  assertEquals(timeless(events, ["metrics"]), [measured]);
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

Deno.test("eval of a part of a split leaves the run as it is", async () => {
  const before = await snapshot(join(cwd, "run"));
  await evaluate("--limit=16");
  assertEquals(await snapshot(join(cwd, "run")), before);
});

Deno.test("eval of a whole split keeps its metrics in the run", async () => {
  const { events } = await evaluate("--split=train");
  const { event: _, split: __, ...facts } = timeless(events, ["metrics"])[0];
  assertEquals((await keptMetrics()).train, facts);
});

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

Deno.test("a model that is not fine-tuned is refused with the command that does it", async () => {
  const { code, events } = await evaluate("--model=bert.tiny");
  assertEquals([code, events.at(-1)?.code], [2, "not-fine-tuned"]);
  assertStringIncludes(
    String(events.at(-1)?.hint),
    "deno task finetune --model .premise/cache/bert.tiny",
  );
});

Deno.test("a split that is not there is refused with those that are", async () => {
  const { code, events } = await evaluate("--split=dev");
  assertEquals([code, events.at(-1)?.code], [2, "bad-table"]);
  assertMatch(String(events.at(-1)?.message), /no split "dev".*train, test/);
});

Deno.test("a run that is not there is refused", async () => {
  const { code, events } = await evaluate("--model=runs/none");
  assertEquals([code, events.at(-1)?.code], [2, "missing-input"]);
});
