import {
  assertEquals,
  assertLess,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { openDevice } from "../../../lib/device/mod.ts";
import { UserError } from "../../../lib/base/errors.ts";
import {
  findEntry,
  loadCatalogue,
} from "../../../lib/hub/catalogue/catalogue.ts";
import { download } from "../../../lib/hub/transfer/download.ts";
import {
  createClassifier,
  loadClassifier,
  openModel,
} from "../../../lib/model/open.ts";
import type { OpenedModel } from "../../../lib/weights/model_dir.ts";

const GOLDEN = "fixtures/golden/mxnet";

async function withCache(
  test: (cache: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "cache"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a model is opened by its directory", async () => {
  const { config, source } = await openModel(GOLDEN, { heads: 4 });
  assertEquals([config.hidden, source], [32, "d2l-mxnet"]);
});

Deno.test("a model is opened by its zip archive, with the catalogue's facts", () =>
  withCache(async (cache) => {
    const { config } = await openModel("fixtures/bert.tiny.zip", { cache });
    assertEquals([config.heads, config.dropout], [4, 0.1]);
  }));

Deno.test("a model that was downloaded is opened by its name", () =>
  withCache(async (cache) => {
    const entry = findEntry(await loadCatalogue(), "bert.tiny", {
      kind: "model",
    });
    await download(entry, { cache });
    const { directory, config } = await openModel("bert.tiny", { cache });
    assertEquals([directory, config.heads], [join(cache, "bert.tiny"), 4]);
  }));

Deno.test("what the user says wins over the catalogue's facts", () =>
  withCache(async (cache) => {
    const { config } = await openModel("fixtures/bert.tiny.zip", {
      cache,
      heads: 2,
      dropout: 0.3,
      labels: ["yes", "no", "maybe"],
      maxLength: 32,
    });
    assertEquals(
      [config.heads, config.dropout, config.labels, config.maxLength],
      [2, 0.3, ["yes", "no", "maybe"], 32],
    );
  }));

Deno.test("a model that is missing is refused with the command that fetches it", () =>
  withCache(async (cache) => {
    const error = await assertRejects(
      () => openModel("bert.base", { cache }),
      UserError,
    );
    assertEquals(error.code, "missing-input");
    assertStringIncludes(error.hint, "deno task download --model bert.base");
  }));

Deno.test("weights that are random are not read", async () => {
  const { arrays, weightsFile } = await openModel(GOLDEN, {
    heads: 4,
    weights: "random",
  });
  assertEquals([arrays.size, weightsFile], [0, null]);
});

/** The new output layer's largest weight, of a model as one framework's. */
async function newLayer(
  source: OpenedModel["source"],
  init?: "mxnet" | "torch" | "hf",
): Promise<Float32Array> {
  await openDevice("cpu");
  const opened = await openModel(GOLDEN, { heads: 4 });
  const model = createClassifier({ ...opened, source }, { seed: 1, init });
  const arrays = await model.save();
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
  const saved = await model.save();
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
