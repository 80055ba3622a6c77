import { assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import { placeBatch } from "../../../lib/model/bert.ts";
import { BertClassifier } from "../../../lib/model/classifier.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import {
  type D2lReference,
  largestDifference,
  packRows,
  readReference,
} from "./golden.ts";

for (const framework of ["mxnet", "torch"]) {
  Deno.test(`BertClassifier gives the logits of the book's ${framework} model`, async () => {
    await openDevice("cpu");
    const reference = await readReference<D2lReference>(framework);
    const { config, arrays } = await openModelDir(
      `fixtures/golden/${framework}`,
      { heads: 4, weights: `fixtures/golden/${framework}/classifier.params` },
    );
    const model = new BertClassifier(config, arrays);
    const batch = packRows(
      reference.tokens,
      reference.segments,
      reference.valid_lens,
    );
    const logits = tf.tidy(() =>
      model.logits(placeBatch(batch, model.parameters, false)).dataSync()
    );
    assertLess(largestDifference(logits, reference.logits.flat()), 2e-6);
    model.dispose();
  });

  Deno.test(`BertClassifier classifies pairs of any lengths as ${framework} does`, async () => {
    await openDevice("cpu");
    const { pairs } = await readReference<D2lReference>(framework);
    const { config, arrays } = await openModelDir(
      `fixtures/golden/${framework}`,
      { heads: 4, weights: `fixtures/golden/${framework}/classifier.params` },
    );
    const model = new BertClassifier(config, arrays);
    const batch = packRows(
      pairs.map((pair) => pair.token_ids),
      pairs.map((pair) => pair.segments),
      pairs.map((pair) => pair.token_ids.length),
    );
    const logits = tf.tidy(() =>
      model.logits(placeBatch(batch, model.parameters, false)).dataSync()
    );
    const expected = pairs.flatMap((pair) => pair.logits);
    assertLess(largestDifference(logits, expected), 2e-6);
    model.dispose();
  });
}
