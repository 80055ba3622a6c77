import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { GpuBackend } from "../../../lib/device/webgpu/backend.ts";
import { BertClassifier } from "../../../lib/model/classifier.ts";
import { Optimizer } from "../../../lib/optim/optimizer.ts";
import { trainStep } from "../../../lib/train/step.ts";
import { trainingDefaults } from "../../../lib/train/training_defaults.ts";
import type { TrainingOptions } from "../../../lib/train/training_options.ts";
import { withFreshGpu } from "../../support/device/fresh_gpu.ts";
import {
  bitsOf,
  openBook,
  pairBatch,
  pickExamples,
  readReference,
} from "../../support/model/golden.ts";
import { webgpuTest } from "../../support/require.ts";
import { slowTest } from "../../support/slow.ts";
import { declareTest } from "../../support/tier.ts";

const STEPS = 12;

const recipes: Record<string, TrainingOptions> = {
  "the book's": trainingDefaults,
  "clipping, smoothing, class weights": {
    ...trainingDefaults,
    optimizer: "adamw",
    maxGradNorm: 0.5,
    labelSmoothing: 0.1,
    classWeights: [1, 2, 0.5],
  },
  "gradient descent with frozen tables": {
    ...trainingDefaults,
    optimizer: "sgd",
    frozen: new Set(
      ["token", "segment", "position"]
        .map((table) => `embeddings.${table}.weight`),
    ),
  },
};

/**
 * Steps with dropout, a falling rate, and batches of two sizes.
 *
 * @param recipe How they are made.
 * @param plays Whether the device may play them.
 * @param pads Whether a token is padding that two of the three batches have.
 */
async function train(recipe: TrainingOptions, plays: boolean, pads = false) {
  const { config, arrays } = await openBook("torch");
  const pairs = pairBatch(await readReference("torch"), [0, 1, 2, 0, 1, 2]);
  const batches = [[0, 1, 2, 3], [4, 5, 3, 1], [2]]
    .map((rows) => pickExamples(pairs, rows));
  const own = batches[0].tokenIds
    .find((token) => !batches[2].tokenIds.includes(token));
  const paddingRow = pads ? own : null;
  const model = new BertClassifier(
    { ...config, dropout: 0.1, paddingRow },
    arrays,
  );
  const optimizer = new Optimizer(model.parameters, recipe);
  const figures: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const { loss, correct, gradientNorm } = await trainStep(
      model,
      optimizer,
      batches[step % batches.length],
      {
        settings: recipe,
        learningRate: 0.01 / step,
        draw: { seed: 3, step },
        plays,
      },
    );
    for (const figure of [loss, correct, gradientNorm]) {
      figures.push(...await figure.data());
    }
    tf.dispose([loss, correct, gradientNorm]);
  }
  optimizer.settle();
  const all = [
    bitsOf(await model.copyParameters()),
    bitsOf(await optimizer.copyState()),
  ];
  optimizer.dispose();
  model.dispose();
  return { figures, all };
}

for (const [name, recipe] of Object.entries(recipes)) {
  const declare = recipe.optimizer === "adamw" ? declareTest : slowTest;
  await declare(
    `steps that WebGPU plays have the bits of steps that are taken: ${name}`,
    () =>
      withFreshGpu(async (backend: GpuBackend) => {
        const taken = await train(recipe, false);
        assertEquals(backend.recordings, 0);
        const played = await train(recipe, true);
        assert(backend.recordings >= 2, `${backend.recordings} recordings`);
        assertEquals(played, taken);
      }),
    webgpuTest,
  );
}

await webgpuTest(
  "steps that WebGPU plays have the bits of steps that are taken where some batches have padding's token",
  () =>
    withFreshGpu(async (backend: GpuBackend) => {
      const taken = await train(trainingDefaults, false, true);
      const played = await train(trainingDefaults, true, true);
      assert(backend.recordings >= 2, `${backend.recordings} recordings`);
      assertEquals(played, taken);
    }),
);

/** Twelve steps of some models in turn, each with an optimiser of its own. */
async function trainInTurn(seeds: number[]): Promise<number[][]> {
  const { config, arrays } = await openBook("torch");
  const pairs = pairBatch(await readReference("torch"), [0, 1, 2, 0, 1, 2]);
  const runs = seeds.map((seed) => {
    const model = new BertClassifier({ ...config, dropout: 0.1 }, arrays);
    const optimizer = new Optimizer(model.parameters, trainingDefaults);
    return { seed, model, optimizer, losses: [] as number[] };
  });
  for (let step = 1; step <= STEPS; step++) {
    for (const { seed, model, optimizer, losses } of runs) {
      const { loss, correct, gradientNorm } = await trainStep(
        model,
        optimizer,
        pairs,
        {
          settings: trainingDefaults,
          learningRate: 0.01,
          draw: { seed, step },
        },
      );
      losses.push(...await loss.data());
      tf.dispose([loss, correct, gradientNorm]);
    }
  }
  for (const { model, optimizer } of runs) {
    optimizer.dispose();
    model.dispose();
  }
  return runs.map(({ losses }) => losses);
}

await webgpuTest(
  "models of the same sizes that train in turn learn as each does alone",
  () =>
    withFreshGpu(async () => {
      const [first] = await trainInTurn([1]);
      const [second] = await trainInTurn([2]);
      assertEquals(await trainInTurn([1, 2]), [first, second]);
    }),
);
