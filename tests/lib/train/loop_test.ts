import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../../lib/base/errors.ts";
import {
  type SmallOptions,
  smallTable,
  trainSmall,
} from "../../support/train/small_run.ts";

Deno.test("every step and every epoch is told", async () => {
  const { steps, epochs } = await trainSmall();
  assertEquals(
    steps.map(({ epoch, step }) => [epoch, step]),
    Array.from({ length: 10 }, (_, i) => [i < 5 ? 1 : 2, i + 1]),
  );
  assertEquals(epochs.map(({ epoch }) => epoch), [1, 2]);
});

Deno.test("only each logEvery-th step is told, counted over the epochs", async () => {
  const { steps } = await trainSmall({ logEvery: 4 });
  assertEquals(steps.map(({ step }) => step), [4, 8]);
});

Deno.test("a step tells its learning rate and the norm of its gradient", async () => {
  const { steps } = await trainSmall({ epochs: 1 });
  for (const { learningRate, gradientNorm } of steps) {
    assertEquals(learningRate, 1e-3);
    assertGreater(gradientNorm, 0);
  }
});

Deno.test("an epoch's loss is the mean over its examples, not its steps", async () => {
  const { steps, epochs } = await trainSmall({ epochs: 1 });
  const sizes = [4, 4, 4, 4, 2];
  const sum = steps.reduce((sum, { loss }, i) => sum + loss * sizes[i], 0);
  assertAlmostEquals(epochs[0].loss, sum / 18, 1e-12);
});

Deno.test("an epoch counts all tokens", async () => {
  const { epochs } = await trainSmall({ epochs: 1 });
  assertEquals(epochs[0].tokens, smallTable(18).tokenIds.length);
});

Deno.test("the loss goes down", async () => {
  const { epochs } = await trainSmall({ epochs: 8 });
  assertLess(epochs.at(-1)!.loss, epochs[0].loss / 2);
});

Deno.test("without a test split no test accuracy is told", async () => {
  const { epochs } = await trainSmall({ epochs: 1, test: undefined });
  assert(!("testAccuracy" in epochs[0]));
});

Deno.test("a limit takes the first rows of both splits", async () => {
  const limited = await trainSmall({ limit: 6 });
  const { epochs } = await trainSmall({
    train: smallTable(6),
    test: smallTable(6),
  });
  assertEquals(limited.epochs, epochs);
});

Deno.test("how often figures are read changes nothing else", async () => {
  const often = await trainSmall({ logEvery: 3, readEvery: 1 });
  const seldom = await trainSmall({ logEvery: 3, readEvery: 100 });
  assertEquals(seldom, often);
});

Deno.test("another seed trains in another way", async () => {
  const [a, b] = [await trainSmall(), await trainSmall({ seed: 6 })];
  assertNotEquals(a.epochs[0].loss, b.epochs[0].loss);
});

Deno.test("dropout is drawn anew in every epoch", async () => {
  // With one example and no learning, nothing else differs.
  const { epochs } = await trainSmall({
    train: smallTable(1),
    learningRate: 0,
  });
  assertNotEquals(epochs[0].loss, epochs[1].loss);
});

Deno.test("a checkpoint is due after every epoch", async () => {
  assertEquals((await trainSmall()).checkpoints, [[2, 0], [3, 0]]);
});

Deno.test("checkpoints within epochs are counted over the epochs", async () => {
  const { checkpoints } = await trainSmall({ checkpointEvery: 2 });
  assertEquals(checkpoints, [[1, 2], [1, 4], [2, 0], [2, 1], [2, 3], [3, 0]]);
});

Deno.test("saving changes nothing of the training", async () => {
  const [a, b] = [await trainSmall(), await trainSmall({ checkpointEvery: 1 })];
  assertEquals([a.epochs, a.saved], [b.epochs, b.saved]);
});

// In the middle of an epoch, after its last step, and after the run's.
for (const at of [1, 4, 5, 8, 10]) {
  Deno.test(`a run stopped at step ${at} goes on to the same bits`, async () => {
    const stop = new AbortController();
    const reason = new Error("stopped");
    const stopped = await trainSmall({
      signal: stop.signal,
      onStep: ({ step }) => {
        if (step === at) stop.abort(reason);
      },
    });
    assertEquals([stopped.error, stopped.steps.length], [reason, at]);
    const resumed = await trainSmall({}, stopped.saved);
    const unbroken = await trainSmall();
    assertEquals(
      [...stopped.steps, ...resumed.steps],
      unbroken.steps,
    );
    assertEquals([...stopped.epochs, ...resumed.epochs], unbroken.epochs);
    assertEquals(resumed.saved, unbroken.saved);
  });
}

const RECIPES: Record<string, SmallOptions> = {
  "AdamW with a falling rate": {
    optimizer: "adamw",
    weightDecay: 0.5,
    layerDecay: 0.7,
    schedule: "linear",
    warmupSteps: 2,
    maxGradNorm: 0.5,
  },
  "SGD without the embeddings": {
    optimizer: "sgd",
    weightDecay: 0.1,
    frozen: new Set(["embeddings.token.weight"]),
    schedule: "cosine",
    warmupRatio: 0.2,
    labelSmoothing: 0.1,
    classWeights: [1, 2, 3],
  },
  "AdamW whose padding is the first token": {
    optimizer: "adamw",
    weightDecay: 0.5,
    maxGradNorm: 0.5,
    paddingRow: 3,
  },
};

for (const [name, recipe] of Object.entries(RECIPES)) {
  Deno.test(`a run stopped in its second epoch goes on to the same bits: ${name}`, async () => {
    const stop = new AbortController();
    const stopped = await trainSmall({
      ...recipe,
      signal: stop.signal,
      onStep: ({ step }) => {
        if (step === 7) stop.abort(new Error("stopped"));
      },
    });
    const resumed = await trainSmall(recipe, stopped.saved);
    const unbroken = await trainSmall(recipe);
    assertEquals([...stopped.steps, ...resumed.steps], unbroken.steps);
    assertEquals(resumed.saved, unbroken.saved);
  });
}

/** Row 3 of the token table after ten steps of 1e-3, and before them. */
async function paddingAfter(recipe: SmallOptions): Promise<number[][]> {
  const rows: number[][] = [];
  // One after the other: two at once would share TensorFlow.js' scopes.
  for (const options of [{ ...recipe, learningRate: 0 }, recipe]) {
    // <cls>, with which every example begins.
    const { saved } = await trainSmall({ ...options, paddingRow: 3 });
    const { shape, data } = saved.parameters.get("embeddings.token.weight")!;
    rows.push([...data.subarray(3 * shape[1], 4 * shape[1])]);
  }
  return rows;
}

for (const optimizer of ["adam", "sgd"] as const) {
  Deno.test(`the padding row stays as it is with ${optimizer}, though every example has it`, async () => {
    const [before, after] = await paddingAfter({ optimizer, weightDecay: 0 });
    assertEquals(after, before);
  });
}

Deno.test("the padding row decays with AdamW as if its gradient were 0", async () => {
  const [before, after] = await paddingAfter({
    optimizer: "adamw",
    weightDecay: 0.5,
  });
  const share = (1 - 1e-3 * 0.5) ** 10;
  after.forEach((value, i) =>
    assertAlmostEquals(value, before[i] * share, 1e-6)
  );
});

Deno.test("a frozen table stays as it is", async () => {
  const name = "embeddings.token.weight";
  const recipe = RECIPES["SGD without the embeddings"];
  const one = await trainSmall({ ...recipe, epochs: 1 });
  const two = await trainSmall({ ...recipe, epochs: 2 });
  const [a, b] = [one, two].map(({ saved }) => saved.parameters);
  assertEquals(a.get(name), b.get(name));
  assertNotEquals(a.get("pooler.weight"), b.get("pooler.weight"));
});

Deno.test("each step has the rate of its schedule", async () => {
  const { steps } = await trainSmall({ schedule: "linear", warmupSteps: 2 });
  const rates = [0, 0.5, 1, 7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8];
  steps.forEach(({ learningRate }, i) =>
    assertAlmostEquals(learningRate, 1e-3 * rates[i], 1e-12)
  );
});

Deno.test("a run that has ended has nothing to go on with", async () => {
  const { saved } = await trainSmall();
  const { steps, epochs, checkpoints } = await trainSmall({}, saved);
  assertEquals([steps, epochs, checkpoints], [[], [], []]);
});

Deno.test("an error of the device ends the run before the next checkpoint", async () => {
  const lost = new Error("the device is lost");
  let checks = 0;
  const { error, checkpoints } = await trainSmall({
    checkpointEvery: 1,
    checkDevice: () => {
      if (++checks === 3) throw lost;
    },
  });
  assertEquals([error, checkpoints], [lost, [[1, 1], [1, 2]]]);
});

Deno.test("training leaves nothing on the device", async () => {
  await trainSmall();
  const before = tf.memory().numTensors;
  await trainSmall();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("with a dev split that is measured, and no test split", async () => {
  const { epochs, metrics } = await trainSmall({ dev: smallTable(9) });
  assertEquals(metrics.map(({ split }) => split), ["dev", "dev"]);
  assertEquals(
    epochs.map(({ devAccuracy, testAccuracy }) => [devAccuracy, testAccuracy]),
    metrics.map(({ accuracy }) => [accuracy, undefined]),
  );
});

Deno.test("training stops when patience ends, wherever it was resumed", async () => {
  // Nothing is learned, so that only the first epoch is a gain.
  const still = { learningRate: 0, dev: smallTable(9), epochs: 9 };
  const { epochs } = await trainSmall({ ...still, patience: 2 });
  assertEquals(epochs.map(({ epoch }) => epoch), [1, 2, 3]);
  const { saved } = await trainSmall({ ...still, epochs: 2, patience: 2 });
  const resumed = await trainSmall({ ...still, patience: 2 }, saved);
  assertEquals(resumed.epochs.map(({ epoch }) => epoch), [3]);
});

Deno.test("a checkpoint is due when the minutes have passed", async () => {
  const { checkpoints } = await trainSmall({
    epochs: 1,
    checkpointMinutes: 1e-9,
  });
  assertEquals(checkpoints, [[1, 1], [1, 2], [1, 3], [1, 4], [2, 0]]);
});

Deno.test("no checkpoint is due before the minutes have passed", async () => {
  const { checkpoints } = await trainSmall({
    epochs: 1,
    checkpointMinutes: 60,
  });
  assertEquals(checkpoints, [[2, 0]]);
});

Deno.test("a run stopped while it is measured goes on to the same bits", async () => {
  const stop = new AbortController();
  const reason = new Error("stopped");
  const stopped = await trainSmall({
    signal: stop.signal,
    onProgress: ({ phase }) => {
      if (phase === "epoch 1 test") stop.abort(reason);
    },
    batchSize: 4,
  });
  assertEquals([stopped.error, stopped.checkpoints], [reason, [[1, 5]]]);
  const resumed = await trainSmall({}, stopped.saved);
  const unbroken = await trainSmall();
  assertEquals(resumed.epochs, unbroken.epochs);
  assertEquals(resumed.saved, unbroken.saved);
});

/** A token that occurs nowhere else. */
const POISON = 40;

/** A run of one epoch in which one example makes NaNs. */
function trainPoisoned(options: SmallOptions = {}) {
  const train = smallTable(18);
  // Only row 8, in line 9, has the token that is poisoned.
  train.tokenIds[train.offsets[8] + 1] = POISON;
  return trainSmall({ train, epochs: 1, poisoned: POISON, ...options });
}

Deno.test("a loss that isn't finite ends the run and names the rows", async () => {
  const { error, steps, checkpoints } = await trainPoisoned({
    checkpointEvery: 1,
  });
  assert(error instanceof UserError);
  assertEquals([error.code, error.exitCode], ["not-finite", 1]);
  const rows = error.facts.rows as number[];
  assert(rows.includes(9), `rows ${rows}`);
  const bad = steps.length + 1;
  assertStringIncludes(
    error.message,
    `step ${bad}: the loss is NaN on rows ${rows.join(", ")} of "small.arrow"`,
  );
  // The checkpoint before stays the last.
  assertEquals(checkpoints.at(-1), [1, bad - 1]);
});

Deno.test("seldom read figures name the same step", async () => {
  const [often, seldom] = [
    await trainPoisoned({ readEvery: 1 }),
    await trainPoisoned({ readEvery: 100, logEvery: 100 }),
  ];
  assertEquals(String(seldom.error), String(often.error));
});

Deno.test("a step that isn't finite is left out if that is asked for", async () => {
  const { error, steps, skipped, epochs, saved } = await trainPoisoned({
    skipNonFinite: true,
  });
  assertEquals([error, skipped.length, steps.length], [undefined, 1, 4]);
  assert(skipped[0].sourceLines.includes(9));
  assertEquals(saved.steps, 4);
  assert(Number.isFinite(epochs[0].loss));
});

Deno.test("a step that is left out changes no parameter", async () => {
  // It's the only one there is.
  const { saved } = await trainPoisoned({
    skipNonFinite: true,
    batchSize: 18,
    test: undefined,
  });
  const spoilt = [...saved.parameters].filter(([, { data }]) =>
    data.some(Number.isNaN)
  );
  assertEquals(spoilt.map(([name]) => name), ["embeddings.token.weight"]);
  const [, { shape, data }] = spoilt[0];
  assertEquals(data.filter(Number.isNaN).length, shape[1]);
});

Deno.test("leaving steps out changes nothing of a run that needs it not", async () => {
  const [a, b] = [
    await trainSmall(),
    await trainSmall({ skipNonFinite: true }),
  ];
  assertEquals([a.steps, a.saved], [b.steps, b.saved]);
});
