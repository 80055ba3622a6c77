import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/errors.ts";
import type { MetricsEvent } from "../../../lib/log/events.ts";
import { saveCheckpoint } from "../../../lib/train/checkpoint.ts";
import {
  openRunDir,
  type OpenRunOptions,
  recordMetrics,
} from "../../../lib/train/run_dir.ts";
import { epochStart } from "../../../lib/train/state.ts";
import {
  readRunRecord,
  type RunRecord,
  writeRunRecord,
} from "../../../lib/train/run_record.ts";

const RECORD: RunRecord = {
  format: "premise-run-1",
  config: { model: "bert.small", epochs: 5, lr: 1e-4, labels: ["a", "b"] },
  versions: { premise: "0.1.0" },
  device: "cpu",
  arithmetic: { device: "cpu", threads: 2, blas: "none" },
  data: "f00d",
};

const NEW: OpenRunOptions = {
  resume: false,
  override: false,
  overwrite: false,
  inputs: [],
};
const RESUME = { ...NEW, resume: true };
const OVERRIDE = { ...RESUME, override: true };
const OVERWRITE = { ...NEW, overwrite: true };

/** Tests with a path at which there is nothing yet. */
async function withRun(test: (run: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "runs/one"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refused(
  run: string,
  record: RunRecord,
  options: OpenRunOptions,
): Promise<UserError> {
  return await assertRejects(
    () => openRunDir(run, record, options),
    UserError,
  );
}

Deno.test("a new run begins with its record", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    assertEquals(await readRunRecord(run), RECORD);
  }));

Deno.test("an empty directory becomes a run", () =>
  withRun(async (run) => {
    await Deno.mkdir(run, { recursive: true });
    await openRunDir(run, RECORD, NEW);
    assertEquals(await readRunRecord(run), RECORD);
  }));

Deno.test("a directory without a record is no run", () =>
  withRun(async (run) => {
    await Deno.mkdir(run, { recursive: true });
    assertEquals(await readRunRecord(run), undefined);
  }));

Deno.test("a run that is there is refused", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    assertEquals((await refused(run, RECORD, NEW)).code, "run-exists");
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

Deno.test("an overwritten run loses all it had", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    await Deno.writeTextFile(join(run, "events.jsonl"), "old");
    await openRunDir(run, { ...RECORD, device: "webgpu" }, OVERWRITE);
    assertEquals((await readRunRecord(run))?.device, "webgpu");
    const names = await Array.fromAsync(Deno.readDir(run), (e) => e.name);
    assertEquals(names, ["run.json"]);
  }));

Deno.test("a run is not overwritten if what it is made from lies in it", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    const input = join(run, "model.safetensors");
    await Deno.writeTextFile(input, "precious");
    const options = { ...OVERWRITE, inputs: [input] };
    assertStringIncludes((await refused(run, RECORD, options)).message, input);
    assertEquals(await Deno.readTextFile(input), "precious");
  }));

Deno.test("a run is overwritten if what it is made from lies beside it", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    await Deno.mkdir(run + ".model");
    await openRunDir(run, RECORD, { ...OVERWRITE, inputs: [run + ".model"] });
    assertEquals(await readRunRecord(run), RECORD);
  }));

for (
  const [what, options] of [
    ["written", NEW],
    ["resumed", RESUME],
    ["overwritten", OVERWRITE],
  ] as const
) {
  Deno.test(`a directory of another kind is not ${what}`, () =>
    withRun(async (run) => {
      await Deno.mkdir(run, { recursive: true });
      await Deno.writeTextFile(join(run, "thesis.txt"), "precious");
      assertEquals((await refused(run, RECORD, options)).code, "run-exists");
      assertEquals(
        await Deno.readTextFile(join(run, "thesis.txt")),
        "precious",
      );
    }));

  Deno.test(`a directory with another program's run.json is not ${what}`, () =>
    withRun(async (run) => {
      await Deno.mkdir(run, { recursive: true });
      await Deno.writeTextFile(join(run, "run.json"), '{"format": "other"}');
      assertEquals((await refused(run, RECORD, options)).code, "bad-run");
      assertEquals(
        await Deno.readTextFile(join(run, "run.json")),
        '{"format": "other"}',
      );
    }));
}

Deno.test("a file in the run's place is refused", () =>
  withRun(async (run) => {
    await Deno.mkdir(join(run, ".."), { recursive: true });
    await Deno.writeTextFile(run, "precious");
    assertEquals((await refused(run, RECORD, OVERWRITE)).code, "run-exists");
  }));

Deno.test("a run below a file is refused", () =>
  withRun(async (run) => {
    await Deno.mkdir(join(run, ".."), { recursive: true });
    await Deno.writeTextFile(run, "");
    const error = await refused(join(run, "two"), RECORD, NEW);
    assertEquals([error.code, error.exitCode], ["cannot-write", 1]);
  }));

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
    assertEquals(await codesOf(run, RECORD), ["no-checkpoint"]);
    const names = await Array.fromAsync(Deno.readDir(run), (e) => e.name);
    assertEquals(names, ["run.json"]);
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

function metrics(split: string, accuracy: number): MetricsEvent {
  return {
    event: "metrics",
    split,
    examples: 4,
    loss: 0.5,
    accuracy,
    macroF1: 0.5,
    labels: [],
    weightedF1: 0,
    matthews: 0,
    expectedCalibrationError: 0,
    perClass: {},
    confusion: [],
  };
}

Deno.test("the last metrics of each split are kept", () =>
  withRun(async (run) => {
    await openRunDir(run, RECORD, NEW);
    await recordMetrics(run, metrics("test", 0.1));
    await recordMetrics(run, metrics("dev", 0.2));
    await recordMetrics(run, metrics("test", 0.3));
    const kept = JSON.parse(await Deno.readTextFile(join(run, "metrics.json")));
    assertEquals(Object.keys(kept), ["test", "dev"]);
    assertEquals([kept.test.accuracy, kept.dev.accuracy], [0.3, 0.2]);
  }));
