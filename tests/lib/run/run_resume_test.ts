import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { saveCheckpoint } from "../../../lib/run/checkpoint.ts";
import { openRunDir } from "../../../lib/run/run_dir.ts";
import {
  readRunRecord,
  type RunRecord,
  writeRunRecord,
} from "../../../lib/run/run_record.ts";
import { epochStart } from "../../../lib/train/state.ts";
import {
  NEW,
  OVERRIDE,
  RECORD,
  refused,
  RESUME,
  withRun,
} from "../../support/train/a_run.ts";

Deno.test("there must be a run to resume", () =>
  withRun(async (run) => {
    assertEquals((await refused(run, RECORD, RESUME)).code, "missing-input");
  }));

for (const schedule of [{ schedule: "linear" }, { warmupRatio: 0.1 }]) {
  Deno.test(`the epochs of a run with ${JSON.stringify(schedule)} stay`, () =>
    withRun(async (run) => {
      const config = { ...RECORD.config, ...schedule };
      await openRunDir(run, { ...RECORD, config }, NEW);
      const longer = { ...RECORD, config: { ...config, epochs: 9 } };
      const { code, message } = await refused(run, longer, RESUME);
      assertEquals(code, "changed-config");
      assertStringIncludes(message, "--epochs was 5, now it is 9");
    }));
}

Deno.test("a resumed run may have other epochs and places", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    const config = { ...RECORD.config, epochs: 9, out: "x", cache: "y" };
    const record = { ...RECORD, config };
    assertEquals(await codesOf(run, record), ["no-checkpoint"]);
    assertEquals(await readRunRecord(run), record);
  }));

/** The codes of the warnings of a run that goes on. */
async function codesOf(run: string, record: RunRecord): Promise<string[]> {
  const { warnings } = await openRunDir(run, record, RESUME);
  return warnings.map(({ code }) => code);
}

Deno.test("a directory that a killed run has left empty starts over", () =>
  withRun(async (run) => {
    await Deno.mkdir(run, { recursive: true });
    await Deno.writeTextFile(join(run, ".run.json.0a1b2c3d.tmp"), "{");
    await Deno.writeTextFile(join(run, "SHA256SUMS"), "");
    assertEquals(await codesOf(run, RECORD), ["no-checkpoint"]);
    const names = await Array.fromAsync(Deno.readDir(run), (e) => e.name);
    assertEquals(names.sort(), ["SHA256SUMS", "run.json"]);
  }));

/** Saves a checkpoint of the run. */
async function save(run: string, epoch = 1): Promise<void> {
  await saveCheckpoint(run, {
    state: epochStart(epoch),
    steps: 0,
    epochs: [],
    eventBytes: 0,
    parameters: new Map(),
    moments: new Map(),
  }, { keep: 2 });
}

for (
  const [what, change, told] of [
    [
      "another device",
      { arithmetic: { device: "webgpu" } },
      'device was "cpu", now it is "webgpu"; threads was 2',
    ],
    [
      "another BLAS",
      { arithmetic: { ...RECORD.arithmetic, blas: "OpenBLAS 0.3" } },
      'blas was "none", now it is "OpenBLAS 0.3"',
    ],
    [
      "other steps to tell",
      { config: { ...RECORD.config, logEvery: 7 } },
      "--log-every was not given, now it is 7",
    ],
    [
      "another version",
      { versions: { premise: "0.2.0" } },
      'premise was "0.1.0", now it is "0.2.0"',
    ],
  ] as const
) {
  Deno.test(`a resumed run with ${what} is warned`, () =>
    withRun(async (run) => {
      await openRunDir(run, RECORD, NEW);
      await save(run);
      const record = { ...RECORD, ...change };
      const { warnings } = await openRunDir(run, record, RESUME);
      assertEquals(warnings.map(({ code }) => code), ["bits-may-differ"]);
      assertStringIncludes(warnings[0].message, told);
    }));
}

Deno.test("a resumed run as it was is not warned", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    await save(run);
    assertEquals((await openRunDir(run, RECORD, RESUME)).warnings, []);
  }));

Deno.test("a resumed run whose last checkpoint is damaged is warned", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    await save(run, 1);
    await save(run, 2);
    const folder = join(run, "checkpoints/epoch-00002-step-00000000");
    await Deno.writeTextFile(join(folder, "state.json"), "");
    const { checkpoint, warnings } = await openRunDir(run, RECORD, RESUME);
    assertEquals(checkpoint?.state.epoch, 1);
    assertEquals(warnings.map(({ code }) => code), ["damaged-checkpoint"]);
    assertStringIncludes(warnings[0].message, folder);
  }));

Deno.test("a run that cannot go on keeps its record", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    await save(run);
    const folder = join(run, "checkpoints/epoch-00001-step-00000000");
    await Deno.remove(join(folder, "state.json"));
    const config = { ...RECORD.config, epochs: 9 };
    const error = await refused(run, { ...RECORD, config }, RESUME);
    assertEquals(error.code, "bad-checkpoint");
    assertEquals(await readRunRecord(run), RECORD);
  }));

Deno.test("--override lets a resumed run have other settings", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    const config = { ...RECORD.config, lr: 1e-3, dropout: 0.2 };
    await openRunDir(run, { ...RECORD, config }, OVERRIDE);
    assertEquals((await readRunRecord(run))?.config, config);
  }));

Deno.test("--override changes nothing that the checkpoint depends on", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    const config = { ...RECORD.config, lr: 1e-3, batchSize: 4 };
    const record = { ...RECORD, config, data: "beef" };
    const error = await refused(run, record, OVERRIDE);
    assertEquals(error.message.split("\n").slice(1), [
      "  - --batch-size was not given, now it is 4",
      "  - the data have changed",
    ]);
  }));

Deno.test("a resumed run with other settings is refused with all of them", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    const config = { model: "bert.small", epochs: 5, lr: 1e-3, seed: 1 };
    const error = await refused(run, { ...RECORD, config }, RESUME);
    assertEquals(error.message.split("\n").slice(1), [
      "  - --lr was 0.0001, now it is 0.001",
      '  - --labels was ["a","b"], now it is not given',
      "  - --seed was not given, now it is 1",
    ]);
  }));

Deno.test("a resumed run with other data is refused", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    const error = await refused(run, { ...RECORD, data: "beef" }, RESUME);
    assertStringIncludes(error.message, "the data have changed");
  }));

Deno.test("a run that goes on keeps the forms of kernels that it has found", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    const tuned = { "linear.forward 9 8 8": "32x32/4x4 step 16" };
    await writeRunRecord(run, { ...RECORD, tuned });
    const { record } = await openRunDir(run, RECORD, RESUME);
    assertEquals(record.tuned, tuned);
    assertEquals((await readRunRecord(run))?.tuned, tuned);
  }));
