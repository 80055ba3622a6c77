import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { slowTest } from "../../support/slow.ts";
import {
  type Ended,
  type Line,
  runTask,
  timeless,
} from "../../support/tasks/run_task.ts";
import {
  digestOf,
  LABELS,
  makeWorkplace,
  quickly,
} from "../../support/tasks/workplace.ts";

const BALANCED = "--class-weights=balanced";
/** Rows of each class among the first 96, in the labels' order. */
const COUNTS = [16, 20, 60];
const WEIGHTS = COUNTS.map((count) => 96 / (3 * count));

let cwd: string;
/** Two epochs with balanced classes. */
let reference: Ended;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  await Deno.writeTextFile(join(cwd, "uneven.csv"), csv());
  reference = await finetune("reference", BALANCED, "--epochs=2");
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

/** Uneven classes, the rarest in the end, and other ones beyond the limit. */
function csv(): string {
  const labels = COUNTS.flatMap((count, i) =>
    new Array<string>(count).fill(LABELS[i])
  ).reverse();
  labels.push(...new Array<string>(40).fill("entailment"));
  const lines = labels.map((label, i) =>
    `A dog runs ${i} .,A ${label} dog sleeps .,${label}`
  );
  return ["premise,hypothesis,label", ...lines, ""].join("\n");
}

function finetune(out: string, ...args: string[]): Promise<Ended> {
  const flags = ["--data=uneven.csv", `--out=${out}`, ...args];
  return runTask("finetune", quickly(...flags), { cwd });
}

function last({ events }: Ended): Line {
  return events.at(-1)!;
}

function modelOf(run: string): Promise<string> {
  return digestOf(join(cwd, run, "model.safetensors"));
}

async function recordOf(run: string): Promise<Line> {
  return JSON.parse(await Deno.readTextFile(join(cwd, run, "run.json")));
}

Deno.test("balanced classes are told and recorded by the rows trained on", async () => {
  assertEquals(reference.code, 0, reference.stderr);
  const data = reference.events.find(({ event }) => event === "data")!;
  assertEquals(
    data.classWeights,
    Object.fromEntries(LABELS.map((label, i) => [label, WEIGHTS[i]])),
  );
  const { config, classWeights } = await recordOf("reference");
  assertEquals((config as Line).classWeights, "balanced");
  assertEquals(classWeights, WEIGHTS);
});

Deno.test("balanced classes train as their weights given as numbers", async () => {
  const flag = `--class-weights=${WEIGHTS.join(",")}`;
  const given = await finetune("given", flag, "--epochs=2");
  assertEquals(given.code, 0, given.stderr);
  assertEquals(await modelOf("given"), await modelOf("reference"));
  await finetune("alike", "--epochs=2");
  assert(await modelOf("alike") !== await modelOf("reference"));
});

slowTest("a run of balanced classes goes on to the same bits", async () => {
  const flags = [BALANCED, "--checkpoint-every=4"];
  await finetune("longer", ...flags, "--epochs=1");
  const resumed = await finetune("longer", ...flags, "--epochs=2", "--resume");
  assertEquals(resumed.code, 0, resumed.stderr);
  assertEquals(await modelOf("longer"), await modelOf("reference"));
  const { events } = reference;
  assertEquals(
    timeless(resumed.events, ["step", "epoch"]),
    timeless(events, ["step", "epoch"]).filter(({ epoch }) => epoch === 2),
  );
  assertEquals((await recordOf("longer")).classWeights, WEIGHTS);
});

Deno.test("a run of balanced classes does not go on with other weights", async () => {
  const ended = await finetune("reference", "--epochs=3", "--resume");
  assertEquals([ended.code, last(ended).code], [2, "changed-config"]);
  assertStringIncludes(
    String(last(ended).message),
    '--class-weights was "balanced", now it is not given',
  );
});

Deno.test("classes without a row cannot be balanced, and no run is made", async () => {
  const ended = await finetune("lacking", BALANCED, "--limit=70");
  assertEquals([ended.code, last(ended).code], [2, "bad-config"]);
  assertStringIncludes(
    String(last(ended).message),
    "the 70 rows that --limit leaves to train on have no example of entailment",
  );
  assertEquals(await Deno.stat(join(cwd, "lacking")).catch(() => null), null);
});
