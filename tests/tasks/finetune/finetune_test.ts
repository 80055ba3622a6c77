import {
  assertEquals,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import {
  type Ended,
  type Line,
  parseLines,
  runTask,
  timeless,
} from "../../support/tasks/run_task.ts";
import {
  makeWorkplace,
  namesIn,
  QUICK,
} from "../../support/tasks/workplace.ts";

let cwd: string;
/** A run of three epochs that nothing disturbs. */
let reference: Ended;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  reference = await finetune("reference", "--epochs=3");
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function finetune(out: string, ...args: string[]): Promise<Ended> {
  return runTask("finetune", [...QUICK, `--out=${out}`, ...args], { cwd });
}

async function recorded(run: string): Promise<Line[]> {
  return parseLines(await Deno.readTextFile(join(cwd, run, "events.jsonl")));
}

Deno.test("finetune exits 0 and sums the run up", () => {
  const last = reference.events.findLast(({ event }) => event === "epoch")!;
  const done = reference.events.at(-1)!;
  assertEquals(reference.code, 0, reference.stderr);
  assertEquals(
    [done.event, done.accuracy, done.loss, done.epochs, done.steps, done.files],
    ["done", last.testAccuracy, last.loss, 3, 18, ["reference"]],
  );
});

Deno.test("finetune tells start first, with all settings and the device", () => {
  const { event, task, config, device } = reference.events[0];
  assertEquals([event, task], ["start", "finetune"]);
  assertEquals((config as Line).optimizer, "adam");
  assertMatch(String(device), /^cpu/);
});

Deno.test("finetune writes a model and the story of its making", async () => {
  assertEquals(await namesIn(join(cwd, "reference")), [
    "SHA256SUMS",
    "checkpoints",
    "config.json",
    "curves.svg",
    "events.jsonl",
    "metrics.json",
    "model.safetensors",
    "run.json",
    "vocab.json",
  ]);
});

Deno.test("finetune keeps the last two checkpoints", async () => {
  const names = await namesIn(join(cwd, "reference/checkpoints"));
  assertEquals(names, [
    "epoch-00003-step-00000000",
    "epoch-00004-step-00000000",
  ]);
});

Deno.test("the loss that finetune tells goes down", () => {
  const epochs = timeless(reference.events, ["epoch"]);
  const losses = epochs.map(({ loss }) => Number(loss));
  assertLess(losses[1], losses[0]);
  assertLess(losses[2], losses[1]);
});

Deno.test("steps are counted over the epochs", () => {
  const steps = timeless(reference.events, ["step"]);
  assertEquals(
    steps.map(({ epoch, step }) => [epoch, step]),
    Array.from({ length: 18 }, (_, i) => [Math.floor(i / 6) + 1, i + 1]),
  );
});

Deno.test("no step leaves tensors behind", () => {
  const held = reference.events.filter(({ event }) => event === "step")
    .map(({ timing }) => (timing as Line).tensors);
  assertEquals(new Set(held).size, 1);
});

Deno.test("events.jsonl has the events of stdout but progress", async () => {
  assertEquals(
    await recorded("reference"),
    reference.events.filter(({ event }) => event !== "progress"),
  );
});

Deno.test("metrics.json has the last model's metrics of the test split, with its epoch and data", async () => {
  const text = await Deno.readTextFile(join(cwd, "reference/metrics.json"));
  const { event: _, split, ...facts } = timeless(reference.events, ["metrics"])
    .at(-1)!;
  const table = await Deno.readTextFile(
    join(cwd, ".premise/data/snli-bert.tiny/table.json"),
  );
  const data = JSON.parse(table).fingerprint;
  const epoch = timeless(reference.events, ["epoch"]).length;
  assertEquals(JSON.parse(text), {
    [String(split)]: { epoch, data, ...facts },
  });
});

Deno.test("run.json has what was asked and what the bits depend on", async () => {
  const run = JSON.parse(
    await Deno.readTextFile(join(cwd, "reference/run.json")),
  );
  const table = JSON.parse(
    await Deno.readTextFile(
      join(cwd, ".premise/data/snli-bert.tiny/table.json"),
    ),
  );
  const { config, versions, device } = reference.events[0];
  const data = table.fingerprint;
  const { arithmetic } = run;
  assertEquals(Object.keys(arithmetic), [
    "device",
    "threads",
    "blas",
    "kernels",
  ]);
  assertStringIncludes(String(device), `${arithmetic.threads} thread`);
  assertMatch(arithmetic.kernels, /^[0-9a-f]{16}$/);
  assertEquals(run, {
    format: "premise-run-1",
    config,
    versions,
    device,
    arithmetic,
    data,
  });
});

Deno.test("the curves are a picture of the epochs", async () => {
  const svg = await Deno.readTextFile(join(cwd, "reference/curves.svg"));
  assertMatch(svg, /^<svg[^]*<\/svg>\s*$/);
});

Deno.test("the pretraining heads are reported once", () => {
  const warnings = reference.events.filter(({ event }) => event === "warning");
  assertEquals(warnings.map(({ code }) => code), ["unused-weights"]);
  assertStringIncludes(String(warnings[0].message), "mlm.mlp.2.weight");
});

Deno.test("a run goes on from a run as from any model", async () => {
  const { code, events } = await finetune(
    "further",
    "--model=reference",
    "--epochs=1",
  );
  assertEquals(code, 0);
  const [first] = timeless(events, ["epoch"]);
  const last = timeless(reference.events, ["epoch"]).at(-1)!;
  assertLess(Number(first.loss), Number(last.loss));
});

Deno.test("--weights random trains from nothing", async () => {
  const { code, events } = await finetune(
    "random",
    "--weights=random",
    "--epochs=2",
  );
  assertEquals(code, 0);
  const [first, second] = timeless(events, ["epoch"]);
  assertLess(Number(second.loss), Number(first.loss));
});

Deno.test("another seed gives another model", async () => {
  const { events } = await finetune("seeded", "--epochs=1", "--seed=1");
  const [epoch] = timeless(events, ["epoch"]);
  assertNotEquals(epoch.loss, timeless(reference.events, ["epoch"])[0].loss);
});

Deno.test("--log has the lines of stdout", async () => {
  const log = join(cwd, "log.jsonl");
  const { events } = await finetune(
    "logged",
    "--epochs=1",
    "--limit=16",
    `--log=${log}`,
  );
  assertEquals(parseLines(await Deno.readTextFile(log)), events);
});
