/** BERT's relatives compute and learn what they do in transformers. */
import { assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type DeviceKind, openDevice } from "../../../lib/device/mod.ts";
import { BertClassifier } from "../../../lib/model/classifier.ts";
import { placeBatch } from "../../../lib/ops/batch/place_batch.ts";
import { Optimizer } from "../../../lib/optim/optimizer.ts";
import { trainStep } from "../../../lib/train/step.ts";
import { trainingDefaults } from "../../../lib/train/training_defaults.ts";
import type { ModelConfig } from "../../../lib/weights/model_config.ts";
import {
  familiesIn,
  familyBatch,
  type FamilyModel,
  openFamily,
} from "../../support/model/families.ts";
import { largestDifference } from "../../support/model/golden.ts";
import { webgpuTest } from "../../support/require.ts";

const WITHOUT_DROPOUT: Partial<ModelConfig> = {
  dropout: 0,
  attentionDropout: 0,
  attendedDropout: 0,
  clsDropout: 0,
  classifierDropout: 0,
};

async function logitsOf(model: FamilyModel): Promise<Float32Array> {
  const classifier = new BertClassifier(model.config, model.arrays);
  const batch = familyBatch(model);
  const logits = tf.tidy(() =>
    classifier.logits(placeBatch(batch, classifier.tables, false))
  );
  const values = await logits.data<"float32">();
  logits.dispose();
  classifier.dispose();
  return values;
}

async function lossesOf(model: FamilyModel): Promise<number[]> {
  const config = { ...model.config, ...WITHOUT_DROPOUT };
  const classifier = new BertClassifier(config, model.arrays);
  const optimizer = new Optimizer(classifier.parameters, {
    ...trainingDefaults,
    optimizer: "adamw",
    weightDecay: 0,
  });
  const batch = familyBatch(model, true);
  const losses: number[] = [];
  for (const step of model.reference.steps!.losses.keys()) {
    const figures = await trainStep(classifier, optimizer, batch, {
      settings: trainingDefaults,
      learningRate: 1e-3,
      draw: { seed: 0, step },
    });
    losses.push((await figures.loss.data())[0]);
    tf.dispose([figures.loss, figures.correct, figures.gradientNorm]);
  }
  optimizer.dispose();
  classifier.dispose();
  return losses;
}

async function checkLogits(
  name: string,
  device: DeviceKind,
  limit: number,
): Promise<void> {
  await openDevice(device);
  const model = await openFamily(name);
  const expected = model.reference.texts.flatMap(({ logits }) => logits);
  assertLess(largestDifference(await logitsOf(model), expected), limit);
}

async function checkLosses(
  name: string,
  device: DeviceKind,
  limit: number,
): Promise<void> {
  await openDevice(device);
  const model = await openFamily(name);
  const { losses } = model.reference.steps!;
  assertLess(largestDifference(await lossesOf(model), losses), limit);
}

const FAMILIES = "fixtures/golden/families";
const VARIANTS = "fixtures/golden/variants";
/** Whose golden models have no steps to learn by. */
const UNLEARNED = /dropout_/;

for (const name of [...familiesIn(FAMILIES), ...familiesIn(VARIANTS)]) {
  Deno.test(`the logits of ${name} are those of transformers`, () =>
    checkLogits(name, "cpu", 2e-6));

  if (UNLEARNED.test(name)) continue;
  Deno.test(`ten steps of AdamW on ${name} lose what they lose in transformers`, () =>
    checkLosses(name, "cpu", 2e-6));
}

for (const name of ["bert_padding_first", "roberta_padding_inside"]) {
  await webgpuTest(
    `ten steps of AdamW on ${name} lose by WebGPU what they lose in transformers`,
    () => checkLosses(`${VARIANTS}/${name}`, "webgpu", 5e-6),
  );
}

for (const name of ["distilbert", "electra", "roberta"]) {
  const directory = `${FAMILIES}/${name}`;
  await webgpuTest(
    `the logits of ${name} are those of transformers by WebGPU`,
    () => checkLogits(directory, "webgpu", 1e-4),
  );

  await webgpuTest(
    `ten steps of AdamW on ${name} lose by WebGPU what they lose in transformers`,
    () => checkLosses(directory, "webgpu", 1e-4),
  );
}
