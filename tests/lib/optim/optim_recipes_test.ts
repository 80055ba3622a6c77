/** Ten steps of other recipes than Adam's, beside PyTorch's. */
import { assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import { Optimizer } from "../../../lib/optim/optimizer.ts";
import { frozenParameters } from "../../../lib/optim/parameter_groups.ts";
import { learningRateAt } from "../../../lib/optim/schedule.ts";
import { trainStep } from "../../../lib/train/step.ts";
import { trainingDefaults } from "../../../lib/train/training_defaults.ts";
import type { TrainingOptions } from "../../../lib/train/training_options.ts";
import { neutralName } from "../../../lib/weights/families/names.ts";
import {
  hfBatch,
  type HfReference,
  loadHf,
  readReference,
} from "../../support/model/golden.ts";
import { assertClose } from "../../support/ops/arrays.ts";

/** What PyTorch's ten steps gave. */
interface Recipe {
  losses: number[];
  norms: number[];
  rates: number[];
  /** By Hugging Face's names. */
  after: Record<string, { sum: number; norm: number; first: number[] }>;
}

/** A recipe in our words: what is not the default. */
interface Settings extends Partial<TrainingOptions> {
  freeze?: string[];
}

const golden: Record<string, Recipe> = JSON.parse(
  await Deno.readTextFile("fixtures/golden/optim/recipes.json"),
);
const reference = await readReference<HfReference>("hf");
const sgd = { optimizer: "sgd", learningRate: 0.05 } as const;
const classWeights = [0.5, 2, 3];
const smoothedAndWeighted = { ...sgd, labelSmoothing: 0.2, classWeights };

const recipes: [string, Settings][] = [
  ["sgd", { ...sgd, weightDecay: 0.1 }],
  ["cosine", { optimizer: "adamw", learningRate: 1e-3, schedule: "cosine" }],
  ["labelSmoothing", { ...sgd, labelSmoothing: 0.2 }],
  ["classWeights", { ...sgd, classWeights }],
  ["smoothedAndWeighted", smoothedAndWeighted],
  ["smoothedAndWeighted", { ...smoothedAndWeighted, microBatchTokens: 40 }],
  ["layerDecay", { ...sgd, layerDecay: 0.5 }],
  ["freeze", {
    optimizer: "adam",
    learningRate: 1e-3,
    freeze: ["embeddings", "blocks.0"],
  }],
  ["freezeMiddle", { ...sgd, freeze: ["blocks.1", "pooler"] }],
];

async function trainTen({ freeze = [], ...recipe }: Settings) {
  await openDevice("cpu");
  const model = await loadHf();
  const frozen = frozenParameters([...model.parameters.keys()], freeze);
  const settings = { ...trainingDefaults, ...recipe, frozen };
  const optimizer = new Optimizer(model.parameters, settings);
  const figures: { losses: number[]; norms: number[]; rates: number[] } = {
    losses: [],
    norms: [],
    rates: [],
  };
  for (let step = 1; step <= 10; step++) {
    const { loss, correct, gradientNorm, learningRate } = await trainStep(
      model,
      optimizer,
      hfBatch(reference),
      {
        settings,
        learningRate: learningRateAt(step, 10, settings),
        draw: { seed: 0, step },
      },
    );
    figures.losses.push((await loss.data())[0]);
    figures.norms.push((await gradientNorm.data())[0]);
    figures.rates.push(learningRate);
    tf.dispose([loss, correct, gradientNorm]);
  }
  optimizer.settle();
  const parameters = await model.copyParameters();
  optimizer.dispose();
  model.dispose();
  return { ...figures, parameters };
}

for (const [name, settings] of recipes) {
  const cut = settings.microBatchTokens ? ", in micro-batches" : "";

  Deno.test(`ten steps are PyTorch's: ${name}${cut}`, async () => {
    const { after, ...figures } = golden[name];
    const { parameters, ...own } = await trainTen(settings);
    assertClose(own.losses, figures.losses, 1e-5, "losses");
    assertClose(own.norms, figures.norms, 1e-4, "norms");
    assertClose(own.rates, figures.rates, 1e-12, "rates");
    let compared = 0;
    for (const [key, expected] of Object.entries(after)) {
      const neutral = neutralName(key, "hf")!;
      // Its gradient is 0 but for rounding, which Adam makes steps of.
      if (neutral.endsWith("attention.key.bias")) continue;
      const { data } = parameters.get(neutral)!;
      const sum = data.reduce((a, b) => a + b, 0);
      const norm = Math.sqrt(data.reduce((a, b) => a + b * b, 0));
      const scale = Math.sqrt(data.length);
      assertLess(Math.abs(sum - expected.sum), 1e-5 * data.length, neutral);
      assertLess(Math.abs(norm - expected.norm), 1e-5 * scale, neutral);
      expected.first.forEach((value, i) =>
        assertLess(Math.abs(data[i] - value), 1e-5, `${neutral} ${i}`)
      );
      compared++;
    }
    assertEquals(compared, parameters.size - 2);
  });
}
