import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { replaceSummed } from "../../lib/base/files/summed_files.ts";
import { withRunLock } from "../../lib/run/run_lock.ts";
import { GOLDEN, makeGoldenPlace } from "../support/tasks/golden_place.ts";
import { type Ended, runTask } from "../support/tasks/run_task.ts";

let place: string;
let run: string;

Deno.test.beforeAll(async () => {
  place = await makeGoldenPlace();
  await runTask("finetune", [...GOLDEN, "--out=finished"], { cwd: place });
});

/** Each test has a copy of the run. */
Deno.test.beforeEach(async () => {
  run = join(place, "run");
  await copyFolder(join(place, "finished"), run);
});

Deno.test.afterEach(() => Deno.remove(run, { recursive: true }));
Deno.test.afterAll(() => Deno.remove(place, { recursive: true }));

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const copy = isDirectory ? copyFolder : Deno.copyFile;
    await copy(join(from, name), join(to, name));
  }
}

/** Verifies the run. */
async function verify(...flags: string[]): Promise<Ended> {
  return await runTask("verify", ["--run=run", ...flags], { cwd: place });
}

/** What was found of a part of the run. */
function outcomeOf({ events }: Ended, name: string): string {
  const { outcome, found } = events.find((event) => event.name === name)!;
  return `${outcome}: ${found}`;
}

const checkpoint = (name: string) => join(run, "checkpoints", name);
const LAST = "epoch-00003-step-00000000";
const MIDDLE = "epoch-00002-step-00000001";
const FIRST = "epoch-00002-step-00000000";

Deno.test("verify proves that the last steps of a finished run come again", async () => {
  const ended = await verify();
  assertEquals(ended.code, 0, ended.stderr);
  const checks = ended.events.filter(({ event }) => event === "check");
  assertEquals(
    checks.filter(({ outcome }) => outcome !== "works"),
    [],
  );
  assertEquals(
    checks.map(({ name }) => name).filter((name) =>
      ["config.json", "model.safetensors", "vocab.json", "run.json"]
        .includes(`${name}`)
    ).length,
    4,
  );
  assertMatch(outcomeOf(ended, "replay"), /works: 1 steps .* the same bits/);
});

Deno.test("verify replays to a checkpoint in the middle of an epoch", async () => {
  await Deno.remove(checkpoint(LAST), { recursive: true });
  const ended = await verify();
  assertMatch(
    outcomeOf(ended, "replay"),
    new RegExp(`works: 1 steps from ${FIRST} to ${MIDDLE}: the same bits`),
  );
});

Deno.test("verify finds checkpoints that are not of one training", async () => {
  const path = join(checkpoint(MIDDLE), "model.safetensors");
  const bytes = await Deno.readFile(path);
  // The last byte of a float: another number, in a file that is whole.
  bytes[bytes.length - 2] ^= 1;
  await replaceSummed(checkpoint(MIDDLE), { "model.safetensors": [bytes] });
  const ended = await verify();
  assertEquals(ended.code, 1);
  assertMatch(
    outcomeOf(ended, "replay"),
    /broken: .* of \d+ arrays of the parameters differ, the first is /,
  );
});

Deno.test("verify says what one checkpoint can't prove", async () => {
  await Deno.remove(checkpoint(FIRST), { recursive: true });
  await Deno.remove(checkpoint(MIDDLE), { recursive: true });
  const ended = await verify();
  assertEquals(ended.code, 0, ended.stderr);
  assertStringIncludes(outcomeOf(ended, "replay"), "missing: 1 checkpoints");
});

Deno.test("verify says that a run can't be replayed without its data", async () => {
  await Deno.rename(join(place, "data"), join(place, "elsewhere"));
  try {
    const ended = await verify();
    assertEquals(ended.code, 0, ended.stderr);
    assertMatch(outcomeOf(ended, "replay"), /missing: .*"data"/);
  } finally {
    await Deno.rename(join(place, "elsewhere"), join(place, "data"));
  }
});

Deno.test("verify finds a damaged checkpoint", async () => {
  const path = join(checkpoint(MIDDLE), "optimizer.safetensors");
  await Deno.truncate(path, 100);
  const ended = await verify();
  assertEquals(ended.code, 1);
  assertMatch(outcomeOf(ended, `checkpoints/${MIDDLE}`), /broken: .*optimizer/);
});

Deno.test("labels that a person changed are named, refused, and taken by --accept", async () => {
  const path = join(run, "config.json");
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace("entailment", "follows"));
  const predict = () =>
    runTask("predict", ["--model=run", "--premise=a", "--hypothesis=b"], {
      cwd: place,
    });
  const refused = await predict();
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, "config.json");
  assertStringIncludes(refused.stderr, "verify --run");
  const found = await verify();
  assertEquals(found.code, 1);
  assertStringIncludes(outcomeOf(found, "config.json"), "broken: its SHA-256");
  const accepted = await verify("--accept");
  assertEquals(accepted.code, 0, accepted.stderr);
  assertStringIncludes(outcomeOf(accepted, "config.json"), "works: accepted");
  const { code, events } = await predict();
  assertEquals(code, 0);
  const { probabilities } = events.find((e) => e.event === "prediction")!;
  assertEquals(Object.keys(probabilities as object)[0], "follows");
});

Deno.test("a run that goes on keeps labels that were renamed, once that is accepted", async () => {
  const path = join(run, "config.json");
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace("entailment", "follows"));
  const resume = () =>
    runTask("finetune", [...GOLDEN, "--epochs=3", "--resume"], { cwd: place });
  const refused = await resume();
  assertEquals([refused.code, refused.events.at(-1)!.code], [
    2,
    "changed-file",
  ]);
  await verify("--accept");
  const { code, stderr } = await resume();
  assertEquals(code, 0, stderr);
  const { labels } = JSON.parse(await Deno.readTextFile(path));
  assertEquals(labels, ["follows", "contradiction", "neutral"]);
});

Deno.test("verify --accept is refused while the run is written", async () => {
  await withRunLock(run, async () => {
    const { code, events } = await verify("--accept");
    assertEquals([code, events.at(-1)!.code], [2, "run-in-use"]);
  });
});

Deno.test("verify refuses a directory that is no run", async () => {
  const { code, stderr } = await runTask("verify", ["--run=data"], {
    cwd: place,
  });
  assertEquals(code, 2);
  assertStringIncludes(stderr, "it is not a run");
});
