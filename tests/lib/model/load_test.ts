import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import { openDevice } from "../../../lib/device/mod.ts";
import { createClassifier, loadClassifier } from "../../../lib/model/load.ts";
import type { OpenedModel } from "../../../lib/weights/model_dir.ts";
import { openModel } from "../../../lib/weights/open_model.ts";

const GOLDEN = "fixtures/golden/mxnet";

/** The new output layer's largest weight, of a model as one framework's. */
async function newLayer(
  source: OpenedModel["source"],
  init?: "mxnet" | "torch" | "hf",
): Promise<Float32Array> {
  await openDevice("cpu");
  const opened = await openModel(GOLDEN, { heads: 4 });
  const model = createClassifier({ ...opened, source }, { seed: 1, init });
  const arrays = await model.copyParameters();
  model.dispose();
  return arrays.get("classifier.weight")!.data as Float32Array;
}

for (
  const [source, style] of [
    ["d2l-mxnet", "mxnet"],
    ["d2l-torch", "torch"],
    ["hf", "hf"],
    ["premise", "torch"],
  ] as const
) {
  Deno.test(`the output layer of a ${source} model starts as ${style}'s`, async () => {
    assertEquals(await newLayer(source), await newLayer("d2l-mxnet", style));
  });
}

Deno.test("the output layer starts as the user says", async () => {
  const weights = await newLayer("d2l-mxnet", "mxnet");
  assertLess(Math.max(...weights.map(Math.abs)), 0.07);
});

Deno.test("a pretrained model keeps its own arrays", async () => {
  await openDevice("cpu");
  const opened = await openModel(GOLDEN, { heads: 4 });
  const model = createClassifier(opened, { seed: 1 });
  const saved = await model.copyParameters();
  model.dispose();
  for (const [name, { data }] of opened.arrays) {
    assertEquals(saved.get(name)?.data, data, name);
  }
});

Deno.test("a model without an output layer cannot classify", async () => {
  const opened = await openModel(GOLDEN, { heads: 4 });
  const error = assertThrows(() => loadClassifier(opened), UserError);
  assertEquals([error.code, error.exitCode], ["not-fine-tuned", 2]);
  assertEquals(
    error.hint,
    `fine-tune it: deno task finetune --model ${GOLDEN}`,
  );
});
