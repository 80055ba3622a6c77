import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/errors.ts";
import {
  type Checkpoint,
  loadCheckpoint,
  saveCheckpoint,
} from "../../../lib/train/checkpoint.ts";

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

/** Saves a checkpoint, damages a file of it, and loads it. */
async function loadDamaged(
  run: string,
  file: string,
  damage: (path: string) => Promise<void>,
): Promise<UserError> {
  await saveCheckpoint(run, CHECKPOINT);
  const [name] = await namesIn(run);
  await damage(join(run, "checkpoints", name, file));
  const error = await assertRejects(() => loadCheckpoint(run), UserError);
  assertEquals([error.code, error.exitCode], ["bad-checkpoint", 2]);
  assertStringIncludes(error.message, name);
  return error;
}

Deno.test("a checkpoint comes back bit for bit", () =>
  withRun(async (run) => {
    await saveCheckpoint(run, CHECKPOINT);
    assertEquals(bitsOf(await loadCheckpoint(run)), bitsOf(CHECKPOINT));
  }));

Deno.test("a run without checkpoints has none to load", () =>
  withRun(async (run) => {
    assertEquals(await loadCheckpoint(run), undefined);
  }));

Deno.test("a checkpoint replaces those before it", () =>
  withRun(async (run) => {
    await saveCheckpoint(run, CHECKPOINT);
    const state = { ...CHECKPOINT.state, step: 12 };
    await saveCheckpoint(run, { ...CHECKPOINT, state, steps: 18 });
    assertEquals(await namesIn(run), ["epoch-00002-step-00000012"]);
  }));

Deno.test("the checkpoint of a later epoch is the last", () =>
  withRun(async (run) => {
    await saveCheckpoint(run, CHECKPOINT);
    // As if the process had ended before it removed the older one.
    const folder = join(run, "checkpoints");
    await Deno.rename(join(folder, (await namesIn(run))[0]), join(run, "old"));
    const state = { ...CHECKPOINT.state, epoch: 10, step: 0 };
    await saveCheckpoint(run, { ...CHECKPOINT, state });
    await Deno.rename(
      join(run, "old"),
      join(folder, "epoch-00002-step-00000003"),
    );
    assertEquals((await loadCheckpoint(run))?.state.epoch, 10);
  }));

Deno.test("a checkpoint that was not finished is passed over", () =>
  withRun(async (run) => {
    await saveCheckpoint(run, CHECKPOINT);
    await Deno.mkdir(join(run, "checkpoints/.partial-x"));
    assertEquals((await loadCheckpoint(run))?.steps, 9);
  }));

Deno.test("a checkpoint that was not finished is removed by the next", () =>
  withRun(async (run) => {
    await Deno.mkdir(join(run, "checkpoints/.partial-x"), { recursive: true });
    await saveCheckpoint(run, CHECKPOINT);
    assertEquals(await namesIn(run), ["epoch-00002-step-00000003"]);
  }));

for (const file of ["model.safetensors", "optimizer.safetensors"]) {
  Deno.test(`a changed bit in ${file} is noticed`, () =>
    withRun(async (run) => {
      const error = await loadDamaged(run, file, async (path) => {
        const bytes = await Deno.readFile(path);
        bytes[bytes.length - 1] ^= 1;
        await Deno.writeFile(path, bytes);
      });
      assertStringIncludes(error.message, `${file} has SHA-256`);
    }));

  Deno.test(`a missing ${file} is named`, () =>
    withRun(async (run) => {
      const error = await loadDamaged(run, file, (path) => Deno.remove(path));
      assertStringIncludes(error.message, file);
    }));
}

for (
  const [what, text] of [
    ["cut short", '{"format": "premise-che'],
    ["of another format", '{"format": "premise-checkpoint-2"}'],
    ["without its fields", '{"format": "premise-checkpoint-1"}'],
    ["null", "null"],
  ]
) {
  Deno.test(`a state.json that is ${what} is named`, () =>
    withRun(async (run) => {
      const error = await loadDamaged(
        run,
        "state.json",
        (path) => Deno.writeTextFile(path, text),
      );
      assertStringIncludes(error.message, "state.json");
    }));
}
