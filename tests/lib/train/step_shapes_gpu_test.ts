/** Models of odd shapes learn the same by WebGPU as on the CPU. */
import { assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { randomWords } from "../../../lib/base/random.ts";
import type { Batch } from "../../../lib/data/batch/batches.ts";
import { type DeviceKind, openDevice } from "../../../lib/device/mod.ts";
import { BertClassifier } from "../../../lib/model/classifier.ts";
import { fillMissing } from "../../../lib/model/initialise.ts";
import { placeBatch, TABLES } from "../../../lib/ops/batch/place_batch.ts";
import { Optimizer } from "../../../lib/optim/optimizer.ts";
import { trainStep } from "../../../lib/train/step.ts";
import { trainingDefaults } from "../../../lib/train/training_defaults.ts";
import type { ModelConfig } from "../../../lib/weights/model_config.ts";
import { soilBuffers } from "../../support/device/soil_buffers.ts";
import { largestDifference } from "../../support/model/golden.ts";
import { webgpuTest } from "../../support/require.ts";
import { slowTest } from "../../support/slow.ts";
import { declareTest } from "../../support/tier.ts";

const SMALL: ModelConfig = {
  format: "premise-3",
  family: "d2l-bert",
  vocabulary: 60,
  embedding: 16,
  hidden: 16,
  feedForward: 24,
  heads: 2,
  blocks: 2,
  positions: 128,
  firstPosition: 0,
  segments: 2,
  secondSegment: 1,
  activation: "relu",
  poolerActivation: "tanh",
  normEpsilon: 1e-5,
  embeddingNorm: false,
  dropout: 0.1,
  attentionDropout: 0.1,
  attendedDropout: 0.1,
  clsDropout: 0,
  classifierDropout: 0.1,
  initializerRange: 0.02,
  text: {
    rules: 1,
    tokenizer: { kind: "words", lowerCase: true },
    maxLength: 128,
    truncation: "longest-first",
  },
  labels: ["entailment", "contradiction", "neutral"],
};

/** A model, what it learns from and how. */
interface Lesson {
  /** What is not as in {@link SMALL}. */
  model: Partial<ModelConfig>;
  examples: number;
  /** Tokens of the first example; the others have fewer. */
  longest: number;
  mostTokens?: number;
  frozen?: ReadonlySet<string>;
  /** A size of its own, for which a GPU in software compiles all kernels. */
  slow?: boolean;
}

const lessons: Record<string, Lesson> = {
  "with heads of an odd size": {
    model: { embedding: 30, hidden: 30, heads: 3, feedForward: 17 },
    examples: 9,
    longest: 40,
  },
  "with heads of 6": {
    model: { embedding: 24, hidden: 24, heads: 4 },
    examples: 9,
    longest: 40,
    slow: true,
  },
  "of 300 features": {
    model: { embedding: 300, hidden: 300, heads: 5 },
    examples: 9,
    longest: 40,
    slow: true,
  },
  "of one block": { model: { blocks: 1 }, examples: 9, longest: 90 },
  "with a norm of the embedding": {
    model: { embeddingNorm: true },
    examples: 9,
    longest: 90,
    slow: true,
  },
  "of one segment": {
    model: { segments: 1, secondSegment: 0 },
    examples: 9,
    longest: 40,
  },
  "whose tables have a width of their own": {
    model: { embedding: 12, embeddingNorm: true },
    examples: 9,
    longest: 40,
  },
  "without segments": {
    model: { segments: 0, secondSegment: 0, embeddingNorm: true },
    examples: 9,
    longest: 40,
  },
  "that counts positions from 2": {
    model: { positions: 130, firstPosition: 2, clsDropout: 0.2 },
    examples: 9,
    longest: 40,
  },
  "whose padding learns nothing": {
    model: {
      positions: 130,
      firstPosition: 2,
      paddingRow: 7,
      embeddingNorm: true,
    },
    examples: 9,
    longest: 40,
    mostTokens: 150,
  },
  "with five dropout rates": {
    model: {
      embeddingNorm: true,
      dropout: 0.3,
      attentionDropout: 0.2,
      attendedDropout: 0,
      clsDropout: 0.4,
      classifierDropout: 0.1,
    },
    examples: 9,
    longest: 40,
    slow: true,
  },
  "of long examples": {
    model: { positions: 256 },
    examples: 5,
    longest: 200,
  },
  "taught in parts": {
    model: {},
    examples: 20,
    longest: 40,
    mostTokens: 150,
  },
  "whose tables are frozen": {
    model: {},
    examples: 12,
    longest: 40,
    frozen: new Set(TABLES),
  },
  "whose position table is no power of two": {
    model: { positions: 41 },
    examples: 12,
    longest: 41,
  },
};

/** A batch of random words that come again and again. */
function batchOf(
  { vocabulary, secondSegment, firstPosition, labels }: ModelConfig,
  { examples, longest }: Lesson,
): Batch {
  const next = randomWords(7, 0);
  const below = (count: number) => next() % count;
  const lengths = Array.from(
    { length: examples },
    (_, b) => b === 0 ? longest : 1 + below(longest),
  );
  const offsets = Int32Array.of(0, ...lengths);
  for (let b = 0; b < examples; b++) offsets[b + 1] += offsets[b];
  const eachToken = (value: (place: number, length: number) => number) =>
    Int32Array.from(
      lengths.flatMap((length) =>
        Array.from({ length }, (_, place) => value(place, length))
      ),
    );
  return {
    size: examples,
    tokenIds: eachToken(() => below(vocabulary)),
    segments: eachToken((place, length) =>
      2 * place > length ? secondSegment : 0
    ),
    positions: eachToken((place) => firstPosition + place),
    offsets,
    labels: Int32Array.from({ length: examples }, () => below(labels.length)),
    indices: Int32Array.from({ length: examples }, (_, b) => b),
  };
}

/** Five steps, of which a GPU plays some, and what the model then says. */
async function learn(
  device: DeviceKind,
  { model: shape, mostTokens, frozen, ...lesson }: Lesson,
) {
  await openDevice(device);
  const config = { ...SMALL, ...shape };
  const arrays = fillMissing(config, new Map(), { style: "torch", seed: 1 });
  const model = new BertClassifier(config, arrays);
  const optimizer = new Optimizer(model.parameters, {
    ...trainingDefaults,
    optimizer: "sgd",
    frozen: frozen ?? trainingDefaults.frozen,
  });
  const batch = batchOf(config, { model: shape, ...lesson });
  const figures: number[] = [];
  for (let step = 0; step < 5; step++) {
    const { loss, correct, gradientNorm } = await trainStep(
      model,
      optimizer,
      batch,
      {
        settings: { ...trainingDefaults, microBatchTokens: mostTokens },
        learningRate: 0.05,
        draw: { seed: 3, step },
      },
    );
    for (const figure of [loss, correct, gradientNorm]) {
      figures.push(...await figure.data());
    }
    tf.dispose([loss, correct, gradientNorm]);
  }
  optimizer.settle();
  const logits = tf.tidy(() =>
    model.logits(placeBatch(batch, model.tables, false))
  );
  const said = [...await logits.data()];
  const learnt = [...(await model.copyParameters()).values()]
    .flatMap(({ data }) => [...data]);
  logits.dispose();
  optimizer.dispose();
  model.dispose();
  return { figures, said, learnt };
}

for (const [name, lesson] of Object.entries(lessons)) {
  const declare = lesson.slow ? slowTest : declareTest;
  await declare(
    `a model ${name} learns by WebGPU what it learns on the CPU`,
    async () => {
      const cpu = await learn("cpu", lesson);
      await openDevice("webgpu");
      using _soiled = soilBuffers();
      const gpu = await learn("webgpu", lesson);
      assertLess(largestDifference(gpu.figures, cpu.figures), 1e-5);
      assertLess(largestDifference(gpu.said, cpu.said), 1e-5);
      assertLess(largestDifference(gpu.learnt, cpu.learnt), 1e-5);
    },
    webgpuTest,
  );
}
