import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import {
  readSummed,
  writeSummed,
} from "../../../lib/base/files/summed_files.ts";
import {
  type Checkpoint,
  type KeepOptions,
  loadCheckpoint,
  loadEpoch,
  saveCheckpoint,
} from "../../../lib/run/checkpoint.ts";

/** Float32 of any bits, a signalling NaN, -0 and a denormal among them. */
const ODD = new Float32Array(
  Uint32Array.of(0x7fa00001, 0x80000000, 1, 0x3dcccccd, 0xff800000, 7).buffer,
);

const CHECKPOINT: Checkpoint = {
  state: {
    epoch: 2,
    step: 3,
    lossSum: 0.1 + 0.2,
    correct: 40,
    examples: 48,
    tokens: 1000,
    scores: [{ accuracy: 0.25, loss: NaN }],
  },
  steps: 9,
  epochs: [{
    event: "epoch",
    epoch: 1,
    loss: 1 / 3,
    trainAccuracy: 0.5,
    testAccuracy: 0.25,
    tokens: 2000,
    timing: { examplesPerSecond: 1, tokensPerSecond: 2, seconds: 3 },
  }],
  eventBytes: 1234,
  parameters: new Map([["a", { shape: [2, 3], data: ODD }]]),
  moments: new Map([
    ["m.a", { shape: [2, 3], data: ODD.map((x) => x + 1) }],
    ["v.a", { shape: [2, 3], data: ODD.map((x) => x * x) }],
  ]),
};

async function withRun(test: (run: string) => Promise<void>): Promise<void> {
  const run = await Deno.makeTempDir();
  try {
    await test(run);
  } finally {
    await Deno.remove(run, { recursive: true });
  }
}

async function namesIn(run: string): Promise<string[]> {
  const folder = join(run, "checkpoints");
  return (await Array.fromAsync(Deno.readDir(folder), (e) => e.name)).sort();
}

/** A checkpoint with its arrays as bits, which tell a NaN from another. */
function bitsOf(checkpoint: Checkpoint | undefined): unknown {
  const bits = (arrays: Checkpoint["parameters"]) =>
    [...arrays].map(([name, { shape, data }]) => [
      name,
      [...shape],
      [...new Uint32Array(data.slice().buffer)],
    ]);
  return checkpoint && {
    ...checkpoint,
    parameters: bits(checkpoint.parameters),
    moments: bits(checkpoint.moments),
  };
}

/** Saves the run at some step of its second epoch, or at another one's start. */
function saveAt(
  run: string,
  { epoch = 2, step = 0 }: { epoch?: number; step?: number },
  options: KeepOptions = { keep: 1 },
): Promise<void> {
  const state = { ...CHECKPOINT.state, epoch, step };
  return saveCheckpoint(run, { ...CHECKPOINT, state }, options);
}

async function flipBit(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  bytes[bytes.length - 1] ^= 1;
  await Deno.writeFile(path, bytes);
}

/** Saves a checkpoint, damages a file of it, and loads it. */
async function loadDamaged(
  run: string,
  file: string,
  damage: (path: string) => Promise<void>,
): Promise<UserError> {
  await saveAt(run, {});
  const [name] = await namesIn(run);
  await damage(join(run, "checkpoints", name, file));
  const error = await assertRejects(() => loadCheckpoint(run), UserError);
  assertEquals([error.code, error.exitCode], ["bad-checkpoint", 2]);
  assertStringIncludes(error.message, name);
  return error;
}

Deno.test("a checkpoint comes back bit for bit", () =>
  withRun(async (run) => {
    await saveCheckpoint(run, CHECKPOINT, { keep: 1 });
    const { checkpoint, damaged } = await loadCheckpoint(run);
    assertEquals([bitsOf(checkpoint), damaged], [bitsOf(CHECKPOINT), []]);
  }));

Deno.test("a run without checkpoints has none to load", () =>
  withRun(async (run) => {
    assertEquals(await loadCheckpoint(run), { damaged: [] });
  }));

Deno.test("sha256sum checks a checkpoint", () =>
  withRun(async (run) => {
    await saveAt(run, {});
    const [name] = await namesIn(run);
    const { stdout } = await new Deno.Command("sha256sum", {
      args: ["--check", "SHA256SUMS"],
      cwd: join(run, "checkpoints", name),
    }).output();
    assertEquals(
      new TextDecoder().decode(stdout),
      "model.safetensors: OK\noptimizer.safetensors: OK\nstate.json: OK\n",
    );
  }));

Deno.test("the last K checkpoints stay", () =>
  withRun(async (run) => {
    for (const step of [1, 2, 12]) await saveAt(run, { step }, { keep: 2 });
    assertEquals(await namesIn(run), [
      "epoch-00002-step-00000002",
      "epoch-00002-step-00000012",
    ]);
  }));

Deno.test("the best epoch's checkpoint stays beside the last ones", () =>
  withRun(async (run) => {
    for (const epoch of [2, 3, 4, 5]) {
      await saveAt(run, { epoch }, { keep: 1, best: 2 });
    }
    assertEquals(await namesIn(run), [
      "epoch-00003-step-00000000",
      "epoch-00005-step-00000000",
    ]);
    const parameters = await loadEpoch(run, 2);
    assertEquals([...parameters.keys()], ["a"]);
  }));

Deno.test("the best epoch's checkpoint goes when another is the best", () =>
  withRun(async (run) => {
    await saveAt(run, { epoch: 2 }, { keep: 1, best: 1 });
    await saveAt(run, { epoch: 3 }, { keep: 1, best: 1 });
    await saveAt(run, { epoch: 4 }, { keep: 1, best: 3 });
    assertEquals(await namesIn(run), ["epoch-00004-step-00000000"]);
  }));

Deno.test("a damaged checkpoint is named, and the one before it is loaded", () =>
  withRun(async (run) => {
    await saveAt(run, { step: 1 }, { keep: 3 });
    for (const step of [2, 3]) {
      await saveAt(run, { step }, { keep: 3 });
      const folder = join(
        run,
        "checkpoints",
        `epoch-00002-step-0000000${step}`,
      );
      await flipBit(join(folder, "state.json"));
    }
    const { checkpoint, damaged } = await loadCheckpoint(run);
    assertEquals(checkpoint?.state.step, 1);
    assertEquals(
      damaged.map(({ message }) =>
        /step-0*(\d)": (\S+) has/.exec(message)?.slice(1)
      ),
      [["3", "state.json"], ["2", "state.json"]],
    );
  }));

Deno.test("a run that goes on from an earlier checkpoint leaves none after it", () =>
  withRun(async (run) => {
    for (const step of [1, 2, 3]) await saveAt(run, { step }, { keep: 3 });
    await saveAt(run, { step: 2 }, { keep: 3 });
    assertEquals(await namesIn(run), [
      "epoch-00002-step-00000001",
      "epoch-00002-step-00000002",
    ]);
  }));

Deno.test("a checkpoint that was not finished is passed over", () =>
  withRun(async (run) => {
    await saveAt(run, {});
    await Deno.mkdir(join(run, "checkpoints/.partial-x"));
    assertEquals((await loadCheckpoint(run)).checkpoint?.steps, 9);
  }));

Deno.test("a checkpoint that was not finished is removed by the next", () =>
  withRun(async (run) => {
    await Deno.mkdir(join(run, "checkpoints/.partial-x"), { recursive: true });
    await saveAt(run, {});
    assertEquals(await namesIn(run), ["epoch-00002-step-00000000"]);
  }));

for (
  const file of ["model.safetensors", "optimizer.safetensors", "state.json"]
) {
  Deno.test(`a changed bit in ${file} is noticed`, () =>
    withRun(async (run) => {
      const error = await loadDamaged(run, file, flipBit);
      assertStringIncludes(error.message, `${file} has SHA-256`);
    }));
}

for (
  const file of [
    "model.safetensors",
    "optimizer.safetensors",
    "state.json",
    "SHA256SUMS",
  ]
) {
  Deno.test(`a missing ${file} is named`, () =>
    withRun(async (run) => {
      const error = await loadDamaged(run, file, (path) => Deno.remove(path));
      assertStringIncludes(error.message, file);
    }));
}

Deno.test("a changed digest is noticed", () =>
  withRun(async (run) => {
    await loadDamaged(
      run,
      "SHA256SUMS",
      (path) => Deno.writeTextFile(path, ""),
    );
  }));

for (
  const [what, text] of [
    ["cut short", '{"format": "premise-che'],
    ["of another format", '{"format": "premise-checkpoint-1"}'],
    ["without its fields", '{"format": "premise-checkpoint-2"}'],
    ["null", "null"],
  ]
) {
  Deno.test(`a state.json that is ${what} is named`, () =>
    withRun(async (run) => {
      const error = await loadDamaged(run, "state.json", async (path) => {
        // With the right digest, as another version of the program writes it.
        const files = await readSummed(dirname(path), [
          "model.safetensors",
          "optimizer.safetensors",
        ]);
        await Deno.remove(dirname(path), { recursive: true });
        await Deno.mkdir(dirname(path));
        await writeSummed(dirname(path), {
          "model.safetensors": [files["model.safetensors"]],
          "optimizer.safetensors": [files["optimizer.safetensors"]],
          "state.json": [new TextEncoder().encode(text)],
        });
      });
      assertStringIncludes(error.message, "state.json");
    }));
}
