import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../../../lib/data/batch/batches.ts";
import { openDevice } from "../../../lib/device/mod.ts";
import type { DropoutDraw } from "../../../lib/model/bert.ts";
import { BertClassifier } from "../../../lib/model/classifier.ts";
import { placeBatch } from "../../../lib/ops/batch/place_batch.ts";
import { openStockWasm } from "../../support/device/stock_wasm.ts";
import {
  bookBatch,
  type D2lReference,
  hfBatch,
  type HfReference,
  largestDifference,
  loadBook,
  loadHf,
  openBook,
  packRows,
  pairBatch,
  pickExamples,
  readReference,
} from "../../support/model/golden.ts";
import { webgpuTest } from "../../support/require.ts";

/** The logits of a batch; the model is not used again. */
async function logitsOf(
  model: BertClassifier,
  batch: Batch,
  draw?: DropoutDraw,
): Promise<Float32Array> {
  const logits = tf.tidy(() =>
    model.logits(placeBatch(batch, model.tables, false), { draw })
  );
  const values = await logits.data<"float32">();
  logits.dispose();
  model.dispose();
  return values;
}

for (const framework of ["mxnet", "torch"] as const) {
  const name = `the logits of the book's ${framework} model`;
  Deno.test(`BertClassifier gives ${name}`, async () => {
    await openDevice("cpu");
    const reference = await readReference<D2lReference>(framework);
    const model = await loadBook(framework);
    const logits = await logitsOf(model, bookBatch(reference));
    assertLess(largestDifference(logits, reference.logits.flat()), 2e-6);
  });

  await webgpuTest(`BertClassifier gives ${name} by WebGPU`, async () => {
    await openDevice("webgpu");
    const reference = await readReference<D2lReference>(framework);
    const model = await loadBook(framework);
    const logits = await logitsOf(model, bookBatch(reference));
    assertLess(largestDifference(logits, reference.logits.flat()), 1e-4);
  });

  Deno.test(`BertClassifier classifies pairs of any lengths as ${framework} does`, async () => {
    await openDevice("cpu");
    const reference = await readReference<D2lReference>(framework);
    const logits = await logitsOf(
      await loadBook(framework),
      pairBatch(reference),
    );
    const expected = reference.pairs.flatMap((pair) => pair.logits);
    assertLess(largestDifference(logits, expected), 2e-6);
  });
}

Deno.test("BertClassifier gives the logits of Hugging Face's model", async () => {
  await openDevice("cpu");
  const reference = await readReference<HfReference>("hf");
  const logits = await logitsOf(await loadHf(), hfBatch(reference));
  assertLess(largestDifference(logits, reference.logits.flat()), 2e-6);
});

await webgpuTest(
  "BertClassifier gives Hugging Face's logits by WebGPU",
  async () => {
    await openDevice("webgpu");
    const reference = await readReference<HfReference>("hf");
    const logits = await logitsOf(await loadHf(), hfBatch(reference));
    assertLess(largestDifference(logits, reference.logits.flat()), 1e-4);
  },
);

Deno.test("an example's logits are the same alone as among others", async () => {
  await openDevice("cpu");
  const batch = pairBatch(await readReference<D2lReference>("torch"));
  const together = await logitsOf(await loadBook("torch"), batch);
  for (let b = 0; b < batch.size; b++) {
    const alone = await logitsOf(
      await loadBook("torch"),
      pickExamples(batch, [b]),
    );
    const own = together.subarray(3 * b, 3 * b + 3);
    assertLess(largestDifference(alone, own), 1e-6);
  }
});

Deno.test("the order of examples is that of their logits", async () => {
  await openDevice("cpu");
  const batch = pairBatch(await readReference<D2lReference>("torch"));
  const reversed = pickExamples(batch, [5, 4, 3, 2, 1, 0]);
  const logits = await logitsOf(await loadBook("torch"), batch);
  const back = await logitsOf(await loadBook("torch"), reversed);
  const rows = [5, 4, 3, 2, 1, 0].flatMap((b) => [
    ...back.subarray(3 * b, 3 * b + 3),
  ]);
  assertLess(largestDifference(logits, rows), 1e-6);
});

for (
  const [what, tokens, segments] of [
    ["a lone <cls>", [3], [0]],
    ["an empty second sentence", [3, 9, 10, 4, 4], [0, 0, 0, 0, 1]],
    ["two empty sentences", [3, 4, 4], [0, 0, 1]],
  ] as const
) {
  Deno.test(`BertClassifier takes ${what} as stock tfjs would`, async () => {
    await openDevice("cpu");
    const batch = packRows(
      [[...tokens], [3, 7, 4, 8, 4]],
      [[...segments], [0, 0, 0, 1, 1]],
      { lengths: [tokens.length, 5] },
    );
    const own = await logitsOf(await loadBook("torch"), batch);
    await openStockWasm();
    const stock = await logitsOf(await loadBook("torch"), batch);
    assertLess(largestDifference(own, stock), 2e-6);
  });
}

Deno.test("logits with dropout are a function of seed and step", async () => {
  await openDevice("cpu");
  const batch = bookBatch(await readReference<D2lReference>("torch"));
  const { config, arrays } = await openBook("torch");
  const draw = (seed: number, step: number) =>
    logitsOf(
      new BertClassifier({ ...config, dropout: 0.3 }, arrays),
      batch,
      { seed, step },
    );
  const first = await draw(1, 1);
  assertEquals(await draw(1, 1), first);
  assert(largestDifference(await draw(2, 1), first) > 0.01);
  assert(largestDifference(await draw(1, 2), first) > 0.01);
});

Deno.test("dropout is off where nothing is drawn", async () => {
  await openDevice("cpu");
  const batch = bookBatch(await readReference<D2lReference>("torch"));
  const { config, arrays } = await openBook("torch");
  const logits = (dropout: number) =>
    logitsOf(new BertClassifier({ ...config, dropout }, arrays), batch);
  assertEquals(await logits(0.5), await logits(0));
});

Deno.test("BertClassifier names a parameter that has no array", async () => {
  await openDevice("cpu");
  const { config, arrays } = await openBook("torch");
  const fewer = new Map(arrays);
  fewer.delete("pooler.bias");
  assertThrows(
    () => new BertClassifier(config, fewer),
    Error,
    'parameter "pooler.bias" has no array of shape [32]',
  );
});

Deno.test("a classifier saves the arrays that it was made of", async () => {
  await openDevice("cpu");
  const { config, arrays } = await openBook("torch");
  const model = new BertClassifier(config, arrays);
  const saved = await model.copyParameters();
  model.dispose();
  assertEquals([...saved.keys()], [...arrays.keys()]);
  for (const [name, { data }] of saved) {
    assertEquals(data, Float32Array.from(arrays.get(name)!.data));
  }
});
