import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  type Ended,
  eventsOf,
  type Line,
  parseLines,
  runTask,
  spawnTask,
  timeless,
} from "../../support/tasks/run_task.ts";
import {
  digestOf,
  makeWorkplace,
  namesIn,
  QUICK,
} from "../../support/tasks/workplace.ts";

const TOLD = ["step", "epoch", "metrics"];
/** Long enough for a signal to come in time. */
const EPOCHS = "--epochs=4";

let cwd: string;
/** A run of four epochs of six steps each that nothing disturbs. */
let reference: Ended;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  reference = await finetune("reference", EPOCHS);
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function finetune(out: string, ...args: string[]): Promise<Ended> {
  return runTask("finetune", [...QUICK, `--out=${out}`, ...args], { cwd });
}

/** Starts a run, and sends it a signal at the first event that is due. */
async function stopAt(
  due: (event: Line) => boolean,
  signal: Deno.Signal,
  args: string[],
): Promise<number> {
  const child = spawnTask("finetune", [...QUICK, ...args], { cwd });
  await child.stdin.close();
  const drained = child.stderr.pipeTo(new WritableStream());
  let sent = false;
  for await (const event of eventsOf(child.stdout)) {
    if (sent || !due(event)) continue;
    child.kill(signal);
    sent = true;
  }
  await drained;
  return (await child.status).code;
}

async function recorded(run: string): Promise<Line[]> {
  return parseLines(await Deno.readTextFile(join(cwd, run, "events.jsonl")));
}

/** Asserts that a run ended with the reference's events and weights. */
async function assertSameAsReference(run: string): Promise<void> {
  assertEquals(
    timeless(await recorded(run), TOLD),
    timeless(reference.events, TOLD),
  );
  assertEquals(
    await digestOf(join(cwd, run, "model.safetensors")),
    await digestOf(join(cwd, "reference/model.safetensors")),
  );
}

/** The steps at which a run's last checkpoint was made. */
async function checkpointSteps(run: string): Promise<number> {
  const folder = join(cwd, run, "checkpoints");
  const name = (await namesIn(folder)).findLast((name) =>
    !name.startsWith(".")
  );
  const text = await Deno.readTextFile(join(folder, name!, "state.json"));
  return JSON.parse(text).steps;
}

function errorOf({ events }: Ended): Line {
  return events.at(-1)!;
}

Deno.test("an interrupted run goes on to the same bytes and events", async () => {
  const args = ["--out=interrupted", EPOCHS, "--checkpoint-every=2"];
  const isDue = ({ event, step }: Line) => event === "step" && step === 8;
  assertEquals(await stopAt(isDue, "SIGINT", args), 130);
  const resumed = await finetune("interrupted", EPOCHS, "--resume");
  assertEquals(resumed.code, 0, resumed.stderr);
  await assertSameAsReference("interrupted");
});

Deno.test("an interrupted run is saved at the step it had come to", async () => {
  const args = ["--out=saved", EPOCHS];
  const isDue = ({ event }: Line) => event === "step";
  await stopAt(isDue, "SIGTERM", args);
  const steps = timeless(await recorded("saved"), ["step"]);
  assertEquals(await checkpointSteps("saved"), steps.length);
});

Deno.test("a terminated run exits 143", async () => {
  const args = ["--out=terminated", EPOCHS];
  const isDue = ({ event }: Line) => event === "step";
  assertEquals(await stopAt(isDue, "SIGTERM", args), 143);
});

Deno.test("a killed run goes on to the same bytes and events", async () => {
  const args = ["--out=killed", EPOCHS, "--checkpoint-every=2"];
  const isDue = ({ event, step }: Line) => event === "step" && step === 9;
  await stopAt(isDue, "SIGKILL", args);
  const resumed = await finetune("killed", EPOCHS, "--resume");
  assertEquals(resumed.code, 0, resumed.stderr);
  await assertSameAsReference("killed");
});

Deno.test("a run killed before its first checkpoint starts over", async () => {
  const args = ["--out=early", EPOCHS];
  await stopAt(({ event }) => event === "start", "SIGKILL", args);
  const { events } = await finetune("early", EPOCHS, "--resume");
  assert(events.some(({ code }) => code === "no-checkpoint"));
  await assertSameAsReference("early");
});

Deno.test("--resume with more epochs goes on from the last", async () => {
  await finetune("longer", "--epochs=3");
  const resumed = await finetune("longer", EPOCHS, "--resume");
  const epochs = timeless(resumed.events, ["epoch"]);
  assertEquals(epochs.map(({ epoch }) => epoch), [4]);
  await assertSameAsReference("longer");
});

Deno.test("a damaged metrics.json doesn't stop a run that goes on", async () => {
  await finetune("spoiled", "--epochs=1", "--limit=16");
  const path = join(cwd, "spoiled/metrics.json");
  await Deno.writeTextFile(path, '{"test": {"accur');
  const ended = await finetune(
    "spoiled",
    "--epochs=2",
    "--limit=16",
    "--resume",
  );
  assertEquals(ended.code, 0, ended.stderr);
  const { test } = JSON.parse(await Deno.readTextFile(path));
  assertEquals(test.epoch, 2);
});

Deno.test("--resume of a finished run changes nothing of the model", async () => {
  const resumed = await finetune("reference", EPOCHS, "--resume");
  assertEquals(resumed.events.at(-1)?.steps, 24);
  assert(resumed.events.some(({ code }) => code === "nothing-left"));
  await assertSameAsReference("reference");
});

Deno.test("--resume with fewer epochs than the run has is refused", async () => {
  const ended = await finetune("reference", "--epochs=2", "--resume");
  assertEquals([ended.code, errorOf(ended).code], [2, "changed-config"]);
  assertStringIncludes(
    String(errorOf(ended).message),
    "it has 4 epochs; --epochs 2 asks for fewer",
  );
  await assertSameAsReference("reference");
});

Deno.test("--resume with other settings is refused with each of them", async () => {
  const ended = await finetune(
    "reference",
    EPOCHS,
    "--resume",
    "--lr=0.01",
    "--seed=1",
  );
  assertEquals([ended.code, errorOf(ended).code], [2, "changed-config"]);
  const message = String(errorOf(ended).message);
  assertStringIncludes(message, "--lr was 0.001, now it is 0.01");
  assertStringIncludes(message, "--seed was 0, now it is 1");
});

Deno.test("--resume without a run is refused", async () => {
  const ended = await finetune("nothing", "--resume");
  assertEquals([ended.code, errorOf(ended).code], [2, "missing-input"]);
});

Deno.test("a damaged checkpoint is named", async () => {
  await finetune("damaged", "--epochs=1", "--limit=16");
  const folder = join(cwd, "damaged/checkpoints");
  const [name] = await namesIn(folder);
  const path = join(folder, name, "optimizer.safetensors");
  const bytes = await Deno.readFile(path);
  bytes[bytes.length >> 1] ^= 1;
  await Deno.writeFile(path, bytes);
  const ended = await finetune(
    "damaged",
    "--epochs=2",
    "--limit=16",
    "--resume",
  );
  assertEquals([ended.code, errorOf(ended).code], [2, "bad-checkpoint"]);
  assertStringIncludes(
    String(errorOf(ended).message),
    `"damaged/checkpoints/${name}": optimizer.safetensors has SHA-256`,
  );
});
