import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { webgpuTest } from "../../support/require.ts";
import { slowTest } from "../../support/slow.ts";
import { type Ended, runTask } from "../../support/tasks/run_task.ts";
import {
  makeWorkplace,
  QUICK,
  snapshot,
} from "../../support/tasks/workplace.ts";

let cwd: string;
let planned: Ended;
let before: Record<string, string>;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  before = await snapshot(cwd);
  planned = await finetune("--epochs=7", "--plan");
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function finetune(...args: string[]): Promise<Ended> {
  return runTask("finetune", [...QUICK, "--out=run", ...args], { cwd });
}

Deno.test("--plan tells start, the data, plan and done alone", () => {
  assertEquals(planned.code, 0, planned.stderr);
  const kinds = planned.events.map(({ event }) => event)
    .filter((kind) => kind !== "progress");
  assertEquals(kinds, ["start", "data", "plan", "done"]);
});

Deno.test("--plan writes nothing", async () => {
  assertEquals(await snapshot(cwd), before);
});

Deno.test("--plan of a model that the program holds fills no cache", async () => {
  const { code, stderr } = await finetune(
    "--cache=none",
    "--plan",
    "--limit=16",
  );
  assertEquals(code, 0, stderr);
  assertEquals(await snapshot(cwd), before);
});

Deno.test("a plan counts the steps of all epochs", () => {
  const plan = planned.events.find(({ event }) => event === "plan")!;
  assertEquals([plan.epochs, plan.steps, plan.batchSize], [7, 42, 16]);
});

Deno.test("a plan's time is that of all epochs with their evaluations", () => {
  const { timing } = planned.events.find(({ event }) => event === "plan")!;
  const times = timing as Record<string, number>;
  assert(times.secondsPerStep > 0);
  assertEquals(times.secondsPerEpoch, 6 * times.secondsPerStep);
  assertEquals(
    times.seconds,
    7 * (times.secondsPerEpoch + times.secondsPerEvaluation),
  );
});

Deno.test("a plan's memory holds the model, its moments and activations", () => {
  const plan = planned.events.find(({ event }) => event === "plan")!;
  const { bytes, mostBytes } = plan.timing as Record<string, number>;
  assert(bytes > 3 * 4 * Number(plan.parameters));
  assert(bytes < mostBytes);
});

Deno.test("a run of a single step can be planned", async () => {
  const { code, events } = await finetune("--limit=8", "--plan");
  assertEquals(code, 0);
  assertEquals(events.find(({ event }) => event === "plan")!.steps, 5);
});

Deno.test("--plan does not touch a run that is there", async () => {
  const run = join(cwd, "run");
  await finetune("--epochs=1");
  const before = await snapshot(run);
  const { code } = await finetune("--epochs=2", "--overwrite", "--plan");
  assertEquals(code, 0);
  assertEquals(await snapshot(run), before);
});

await slowTest("a run on the GPU can be planned", async () => {
  const { code, events } = await finetune("--plan", "--device=webgpu");
  assertEquals(code, 0);
  const { timing } = events.find(({ event }) => event === "plan")!;
  assert((timing as Record<string, number>).secondsPerStep > 0);
}, webgpuTest);
