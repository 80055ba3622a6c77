import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { smallTable, trainSmall } from "./small_run.ts";

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
  assertEquals(epochs[0].tokens, smallTable(18).tokens.length);
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
