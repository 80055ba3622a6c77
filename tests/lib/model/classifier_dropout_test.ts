/** Dropout acts where it acts in transformers, whichever rate is set. */
import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { packTokens } from "../../../lib/data/batch/pack.ts";
import { openDevice } from "../../../lib/device/mod.ts";
import { BertClassifier } from "../../../lib/model/classifier.ts";
import { placeBatch } from "../../../lib/ops/batch/place_batch.ts";
import { translateHuggingFaceConfig } from "../../../lib/weights/hugging_face/config.ts";
import { statedFamily } from "../../../lib/weights/hugging_face/model_type.ts";
import { exampleOf, openFamily, UNREAD } from "../../support/model/families.ts";

const VARIANTS = "fixtures/golden/variants";

/** The logits' mean and deviation over draws of dropout, one a class. */
interface Spread {
  mean: number[];
  deviation: number[];
}

/** What transformers' are, by family and by the only rate that is not 0. */
interface Golden {
  rate: number;
  text: number;
  draws: number;
  families: Record<string, Record<string, Spread>>;
}

const golden: Golden = JSON.parse(
  await Deno.readTextFile(`${VARIANTS}/dropout.json`),
);

async function spreadOf(family: string, field: string): Promise<Spread> {
  const directory = `${VARIANTS}/dropout_${family}`;
  const { arrays, reference } = await openFamily(directory);
  const json = JSON.parse(await Deno.readTextFile(`${directory}/config.json`));
  const { config } = translateHuggingFaceConfig(
    { config: { ...json, [field]: golden.rate }, tokenizer: UNREAD },
    directory,
    { family: statedFamily(json, directory), headRows: undefined },
  );
  await openDevice("cpu");
  const model = new BertClassifier(config, arrays);
  const example = exampleOf(reference.texts[golden.text]);
  const packed = packTokens(Array(2048).fill(example), config);
  const rows: number[][] = [];
  for (let step = 0; rows.length < golden.draws; step++) {
    const logits = tf.tidy(() =>
      model.logits(placeBatch(packed, model.tables, true), {
        draw: { seed: 1, step },
      })
    );
    rows.push(...await logits.array());
    logits.dispose();
  }
  model.dispose();
  const average = (values: number[]) =>
    values.reduce((a, b) => a + b) / values.length;
  const mean = [0, 1, 2].map((c) => average(rows.map((row) => row[c])));
  const deviation = mean.map((m, c) =>
    Math.sqrt(average(rows.map((row) => (row[c] - m) ** 2)))
  );
  return { mean, deviation };
}

for (const [family, fields] of Object.entries(golden.families)) {
  for (const [field, expected] of Object.entries(fields)) {
    Deno.test(`${field} of ${family} spreads the logits as in transformers`, async () => {
      const found = await spreadOf(family, field);
      assertEquals(found.mean.length, expected.mean.length);
      expected.deviation.forEach((deviation, c) => {
        // Both are off by chance: a mean of so many by 0.8 % of the deviation.
        const off = Math.abs(found.mean[c] - expected.mean[c]) / deviation;
        const share = found.deviation[c] / deviation;
        assert(off < 0.05, `mean of class ${c} is off by ${off} deviations`);
        assert(Math.abs(share - 1) < 0.04, `deviation of class ${c}: ${share}`);
      });
    });
  }
}
