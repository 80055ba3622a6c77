import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import { classify, type Prediction } from "../../../lib/evaluate/classify.ts";
import { loadClassifier } from "../../../lib/model/load.ts";
import { openTokenizer } from "../../../lib/text/open_tokenizer.ts";
import { encodePair } from "../../../lib/text/pair.ts";
import { tokenizerOptions } from "../../../lib/text/recipe.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import {
  largestDifference,
  readReference,
} from "../../support/model/golden.ts";

const MODEL = "fixtures/golden/mxnet";

/** The parts of MXNet's reference that are read here. */
interface Reference {
  pairs: { premise: string; hypothesis: string; logits: number[] }[];
}

const { pairs: reference } = await readReference<Reference>("mxnet");

/** Classifies pairs with the golden model, and frees it. */
async function predict(
  pairs: { premise: string; hypothesis: string | null }[],
  maxLength = 64,
): Promise<Prediction[]> {
  await openDevice("cpu");
  const opened = await openModelDir(MODEL, {
    heads: 4,
    weights: `${MODEL}/classifier.params`,
    maxLength,
  });
  const { text } = opened.config;
  const tokenizer = await openTokenizer(
    opened.vocabularyFile,
    tokenizerOptions(text),
  );
  const model = loadClassifier(opened);
  const predictions = await classify(model, pairs, { tokenizer });
  model.dispose();
  return predictions;
}

Deno.test("pairs of text get the logits that MXNet gives them", async () => {
  const predictions = await predict(reference);
  assertLess(
    largestDifference(
      predictions.flatMap(({ logits }) => logits),
      reference.flatMap(({ logits }) => logits),
    ),
    2e-6,
  );
});

Deno.test("predictions come in the order of the pairs, and repeat them", async () => {
  const predictions = await predict(reference);
  assertEquals(
    predictions.map(({ premise, hypothesis }) => [premise, hypothesis]),
    reference.map(({ premise, hypothesis }) => [premise, hypothesis]),
  );
});

Deno.test("the label is that of the largest logit", async () => {
  const names = ["entailment", "contradiction", "neutral"];
  for (const { label, logits } of await predict(reference)) {
    assertEquals(label, names[logits.indexOf(Math.max(...logits))]);
  }
});

Deno.test("probabilities are the softmax of the logits", async () => {
  const [{ probabilities, logits }] = await predict(reference);
  const sum = logits.reduce((sum, x) => sum + Math.exp(x), 0);
  Object.values(probabilities).forEach((p, i) =>
    assertAlmostEquals(p, Math.exp(logits[i]) / sum, 1e-12)
  );
});

Deno.test("a pair is classified among others as alone", async () => {
  const among = await predict(reference);
  const [alone] = await predict([reference[3]]);
  assertLess(largestDifference(among[3].logits, alone.logits), 1e-6);
});

Deno.test("a single sentence is not a pair with an empty one", async () => {
  const { premise } = reference[0];
  const [single, pair] = await predict([
    { premise, hypothesis: null },
    { premise, hypothesis: "" },
  ]);
  assertEquals(single.hypothesis, null);
  assertLess(1e-6, largestDifference(single.logits, pair.logits));
});

Deno.test("a pair is cut to the longest that is allowed", async () => {
  const long = { premise: "person ".repeat(100), hypothesis: "people" };
  const cut = { premise: "person ".repeat(12), hypothesis: "people" };
  const [a, b] = await predict([long, cut], 16);
  // A BLAS may round a row by its place in the batch.
  assertLess(largestDifference(a.logits, b.logits), 1e-6);
});

Deno.test("classifying leaves nothing on the device", async () => {
  await predict(reference);
  const before = tf.memory().numTensors;
  await predict(reference);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a pair that lacks room for one token alone is told as cut, with two separators too", async () => {
  await openDevice("cpu");
  const opened = await openModelDir("fixtures/golden/families/roberta");
  const { vocabularyFile, config } = opened;
  const tokenizer = await openTokenizer(
    vocabularyFile,
    tokenizerOptions(config.text),
  );
  const pair = { premise: "A man is outside.", hypothesis: "Nobody is." };
  const { tokenIds } = encodePair(
    tokenizer,
    pair.premise,
    pair.hypothesis,
    config.text,
  );
  const model = loadClassifier(opened);
  const cutAt = async (maxLength: number) => {
    let cut = 0;
    config.text.maxLength = maxLength;
    await classify(model, [pair], { tokenizer, onCut: () => cut++ });
    return cut;
  };
  assertEquals(
    [await cutAt(tokenIds.length), await cutAt(tokenIds.length - 1)],
    [0, 1],
  );
  model.dispose();
});
